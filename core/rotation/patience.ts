import type { Clock } from '../platform/clock.ts'

/** How long a step may go on trying. */
export type Patience = {
  sleep(ms: number): Promise<void>
  /** When it must have ended, ms since 1970. */
  deadline: number
}

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 30_000

/** Tries until the outcome is another than `again`, with growing pauses; `failed` with its reason when the time is over. */
export async function patiently<Result>(
  { sleep, deadline }: Patience,
  clock: Clock,
  attempt: () => Promise<Result | { kind: 'again'; reason: string }>,
): Promise<Result | { kind: 'failed'; reason: string }> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    const outcome = await attempt()
    if (!isAgain(outcome)) return outcome
    if (clock.now() + pauseMs >= deadline) return { kind: 'failed', reason: outcome.reason }
    await sleep(pauseMs)
  }
}

const isAgain = (outcome: unknown): outcome is { kind: 'again'; reason: string } =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'again'
