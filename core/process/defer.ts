import type { Fault } from '../upstream/fault.ts'
import type { Blocked } from '../upstream/passage.ts'
import type { DeferReason, Deferred, Outcome } from './work.ts'

/** The longest delay that a queue takes. */
const MAX_DELAY_SECONDS = 900
const MAX_JITTER_MS = 2_000

/** ClickUp is asked again this soon after it was down or refused the token. */
const RETRY_MS = 15_000
/**
 * A long wait ends on a common mark, so that what waits for the same thing comes back in full batches: each batch costs a
 * request to receive it and one to delete it. The longer the wait, the less a little more of it matters.
 */
const MARKS = [
  { from: 300_000, every: 300_000 },
  { from: 60_000, every: 30_000 },
] as const

/** A read that lags has caught up by then. */
export const STALE_RETRY_MS = 2_000
/** Another worker is at it and usually done in a moment: the shortest delay of a queue, one second, jitter included. */
export const BUSY_RETRY_MS = 800

export const deferred = (reason: DeferReason, until: number): Deferred => ({ kind: 'deferred', reason, until })

/** What a fault of reading ClickUp means for the work that needed the read. */
export function outcomeOf(fault: Exclude<Fault, { kind: 'gone' | 'noAccess' }>, now: number): Outcome {
  switch (fault.kind) {
    case 'rateLimited':
      return deferred('rateLimited', fault.until)
    case 'unavailable':
      return deferred('unavailable', fault.until ?? now + RETRY_MS)
    // For the work it is the same: it waits until somebody brings a token that can be used.
    case 'noToken':
      return deferred('tokenDead', now + RETRY_MS)
    case 'tokenDead':
      return deferred('tokenDead', fault.until ?? now + RETRY_MS)
    case 'paused':
      return deferred('paused', fault.until)
    case 'outOfTime':
      return deferred('outOfTime', now)
    case 'invalid':
      return { kind: 'permanent', class: 'invalid', reason: fault.reason }
  }
}

/** What it means for work that ClickUp cannot be asked at the moment. */
export function blockedOutcome(passage: Blocked, now: number): Deferred {
  switch (passage.why) {
    case 'spent':
      return deferred('rateLimited', passage.until)
    case 'down':
      return deferred('unavailable', shutUntil(passage, now))
    case 'tokenDead':
      return deferred('tokenDead', shutUntil(passage, now))
    case 'paused':
      return deferred('paused', passage.until)
  }
}

/**
 * When to come back to what is shut: soon after it began, later the longer it lasts. Somebody else probes meanwhile, and
 * an outage of a day must not have every message go round every minute.
 */
const shutUntil = ({ since, until }: { since: number; until: number }, now: number): number =>
  Math.max(until, now + Math.min((now - since) / 2, MAX_DELAY_SECONDS * 1000))

/**
 * Seconds until then: to the next common mark for a long wait, and with some jitter for a short one, so that workers who met
 * do not meet again. What comes back together is no danger to ClickUp, because the budget lets nobody through who has none.
 */
export function delaySeconds(until: number, now: number, random: () => number): number {
  const wait = Math.max(0, until - now)
  const mark = MARKS.find(({ from }) => wait >= from)
  const ms =
    mark === undefined
      ? wait + random() * Math.min(wait / 5, MAX_JITTER_MS)
      : Math.ceil(until / mark.every) * mark.every - now
  return Math.min(MAX_DELAY_SECONDS, Math.ceil(ms / 1000))
}
