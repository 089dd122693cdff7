/** One of several that are measured in turn; what it answers is awaited where it is a promise, and else not. */
type Work = () => unknown

type Rounds = {
  /** Each goes through all works, one begun with another. */
  readonly rounds: number
  /** How long a work is repeated in a round; its time is that divided by the number of its repetitions. */
  readonly sliceMs: number
}

/**
 * How long each takes, in microseconds and in the order given: the median of its rounds. In turn within one run, so that whatever else
 * the machine does meets all of them alike; and each is run before until it is compiled. Of a round the least of five tries counts: a
 * third of a millisecond is short enough that on a busy machine some of them are not interrupted.
 */
export async function interleaved(works: readonly Work[], { rounds, sliceMs }: Rounds): Promise<number[]> {
  const measured: { work: Work; repetitions: number; times: number[] }[] = []
  for (const work of works) {
    await warm(work)
    measured.push({ work, repetitions: await repetitionsIn(work, sliceMs / TRIES), times: [] })
  }
  for (let round = 0; round < rounds; round += 1) {
    const first = round % measured.length
    for (const { work, repetitions, times } of [...measured.slice(first), ...measured.slice(0, first)])
      times.push(await microseconds(work, repetitions))
  }
  return measured.map(({ times }) => median(times))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The least of some tries: whatever disturbs one only makes it longer. */
async function microseconds(work: Work, repetitions: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const begun = performance.now()
    for (let i = 0; i < repetitions; i += 1) {
      const answer = work()
      if (answer instanceof Promise) await answer
    }
    least = Math.min(least, ((performance.now() - begun) * 1_000) / repetitions)
  }
  return least
}

const TRIES = 5

/** Until it is compiled: V8 counts calls, and on a busy machine few of them come in a time that is enough elsewhere. */
async function warm(work: Work): Promise<void> {
  const begun = performance.now()
  for (let count = 0; count < 5_000 && performance.now() - begun < 1_000; count += 1) {
    const answer = work()
    if (answer instanceof Promise) await answer
  }
}

/** How often it is done in a slice. */
async function repetitionsIn(work: Work, sliceMs: number): Promise<number> {
  const end = performance.now() + sliceMs
  let count = 0
  while (performance.now() < end) {
    count += 1
    const answer = work()
    if (answer instanceof Promise) await answer
  }
  return count
}
