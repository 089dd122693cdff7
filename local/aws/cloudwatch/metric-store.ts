import { type Datum, type MetricName, metricKey } from './metric.ts'
import type { Samples } from './statistic.ts'

export const MINUTE_MS = 60_000
/** Longer than the range of any alarm: CloudWatch lets periods and their number make a day, or seven for periods of an hour. */
const KEPT_MINUTES = 8 * 24 * 60

type Metric = MetricName & { minutes: Map<number, Map<number, number>> }

export type MetricStore = {
  put(datum: Datum): void
  /** All that came from `from` (ms since 1970) on and before `until`; empty where there was nothing. Both are whole minutes. */
  samples(metric: MetricName, from: number, until: number): Samples
  /** Every metric that has ever had a value. */
  metrics(): MetricName[]
}

/** Values by metric and minute, which is how finely CloudWatch keeps what is not of high resolution. */
export function createMetricStore(): MetricStore {
  const metrics = new Map<string, Metric>()

  function metricOf(name: MetricName): Metric {
    const key = metricKey(name)
    const known = metrics.get(key)
    if (known !== undefined) return known
    const made = { namespace: name.namespace, name: name.name, dimensions: name.dimensions, minutes: new Map() }
    metrics.set(key, made)
    return made
  }

  return {
    put(datum) {
      const { minutes } = metricOf(datum)
      const minute = Math.floor(datum.at / MINUTE_MS)
      const values = minutes.get(minute) ?? new Map<number, number>()
      for (const { value, count } of datum.values) values.set(value, (values.get(value) ?? 0) + count)
      minutes.set(minute, values)
      if (minutes.size > KEPT_MINUTES) minutes.delete(Math.min(...minutes.keys()))
    },
    samples(name, from, until) {
      const found = new Map<number, number>()
      const minutes = metrics.get(metricKey(name))?.minutes
      for (let minute = from / MINUTE_MS; minutes !== undefined && minute < until / MINUTE_MS; minute += 1) {
        for (const [value, count] of minutes.get(minute) ?? []) found.set(value, (found.get(value) ?? 0) + count)
      }
      return found
    },
    metrics: () => [...metrics.values()].map(({ namespace, name, dimensions }) => ({ namespace, name, dimensions })),
  }
}
