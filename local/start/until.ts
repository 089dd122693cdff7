import { setTimeout as pause } from 'node:timers/promises'

export type Patience = {
  /** What is waited for, as the end of "gave up waiting for ...". */
  what: string
  /** Milliseconds after which it has failed. */
  deadlineMs: number
  /** Milliseconds between two looks. */
  everyMs?: number
}

/** A condition did not come in time. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp'
}

/**
 * Looks until there is an answer other than `undefined`, and returns it.
 * @throws GaveUp at the deadline: a condition that never comes must not hang
 */
export async function until<Found>(
  look: () => Promise<Found | undefined> | Found | undefined,
  { what, deadlineMs, everyMs = 100 }: Patience,
): Promise<Found> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() >= deadline) throw new GaveUp(`Gave up waiting for ${what} after ${deadlineMs / 1000} s`)
    await pause(everyMs)
  }
}
