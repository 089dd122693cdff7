/** Values and how often each of them came. */
export type Samples = ReadonlyMap<number, number>

type Statistic = (samples: Samples) => number

const sum: Statistic = (samples) => [...samples].reduce((total, [value, count]) => total + value * count, 0)
const sampleCount: Statistic = (samples) => [...samples.values()].reduce((total, count) => total + count, 0)

const NAMED: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: sampleCount,
  Average: (samples) => sum(samples) / sampleCount(samples),
  Minimum: (samples) => Math.min(...samples.keys()),
  Maximum: (samples) => Math.max(...samples.keys()),
}

const PERCENTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/

/**
 * A statistic by CloudWatch's name: `Sum`, `p99`. It is undefined for one that is not known here (trimmed means, for one).
 * Each takes at least one sample.
 */
export function statisticOf(name: string): Statistic | undefined {
  const [, percent] = PERCENTILE.exec(name) ?? []
  return percent === undefined ? NAMED[name] : (samples) => percentile(samples, Number(percent))
}

/** By the nearest rank: a value that was there. How CloudWatch interpolates is not documented. */
function percentile(samples: Samples, percent: number): number {
  const ordered = [...samples].sort(([a], [b]) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sampleCount(samples)))
  let seen = 0
  for (const [value, count] of ordered) {
    seen += count
    if (seen >= rank) return value
  }
  return ordered.at(-1)?.[0] ?? Number.NaN
}
