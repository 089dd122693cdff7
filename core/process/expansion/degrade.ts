import type { Services } from '../services.ts'
import type { DeferReason, Outcome, Work } from '../work.ts'

/** What may last: the others are over in seconds, and a change that waits for them is not late because of ClickUp. */
const MAY_LAST: ReadonlySet<DeferReason> = new Set(['listing', 'rateLimited', 'unavailable', 'tokenDead'])

/**
 * Gives work its outcome. What would be put off beyond the time after which a change is published without its task goes on
 * without it instead, and what is put off comes back then, at the next common mark of a long wait (`defer.ts`).
 */
export function putOff(work: Work, outcome: Outcome, { clock, degradedAfterMs, pausedSince }: Services): void {
  if (outcome.kind !== 'deferred' || !MAY_LAST.has(outcome.reason)) {
    work.outcome = outcome
    return
  }
  const degradeAt = work.since + degradedAfterMs + pausedSince(work.since)
  if (clock.now() >= degradeAt) work.degraded = true
  else work.outcome = { ...outcome, until: Math.min(outcome.until, degradeAt) }
}
