import type { Fault } from '../upstream/fault.ts'
import type { Outcome } from './work.ts'

/** The longest delay that a queue takes. */
const MAX_DELAY_SECONDS = 900

/** ClickUp is asked again this soon after it was down or refused the token; the jitter spreads what comes back. */
const RETRY_MS = 30_000
/** A read that lags has caught up by then. */
export const STALE_RETRY_MS = 2_000
/** Another worker is at it and usually done in a moment: the shortest delay of a queue, one second, jitter included. */
export const BUSY_RETRY_MS = 800

/** What a fault of reading ClickUp means for the work that needed the read. */
export function outcomeOf(fault: Exclude<Fault, { kind: 'gone' | 'noAccess' }>, now: number): Outcome {
  switch (fault.kind) {
    case 'rateLimited':
      return { kind: 'deferred', reason: 'rateLimited', until: fault.until }
    case 'unavailable':
      return { kind: 'deferred', reason: 'unavailable', until: now + RETRY_MS }
    case 'tokenDead':
      return { kind: 'deferred', reason: 'tokenDead', until: now + RETRY_MS }
    case 'invalid':
      return { kind: 'permanent', class: 'invalid', reason: fault.reason }
  }
}

/** Seconds until then, with up to a fifth more so that what was put off together does not come back together. */
export function delaySeconds(until: number, now: number, random: () => number): number {
  const wait = Math.max(0, until - now)
  return Math.min(MAX_DELAY_SECONDS, Math.ceil((wait * (1 + random() / 5)) / 1000))
}
