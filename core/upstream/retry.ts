/** With less left no call is begun: most would be cut off, and a call that is cut off was paid for. */
export const MIN_CALL_MS = 2_000

const MAX_RETRIES = 2
const FIRST_MS = 250
const MAX_PAUSE_MS = 2_000

/**
 * The pause before a read is repeated, in ms, with full jitter so that workers who failed together do not come again
 * together; null when it is not to be repeated.
 * @param retries how often it was repeated already
 * @param leftMs what is left of the time
 * @param random from 0 to 1
 */
export function pauseBeforeRetry(retries: number, leftMs: number, random: number): number | null {
  if (retries >= MAX_RETRIES) return null
  const pause = Math.floor(random * Math.min(MAX_PAUSE_MS, FIRST_MS * 2 ** retries))
  return pause + MIN_CALL_MS <= leftMs ? pause : null
}
