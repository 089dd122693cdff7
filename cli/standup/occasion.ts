import { dueOn, lastDue } from '../../core/standup/due.ts'
import type { SummarySettings } from '../../core/standup/settings.ts'
import { dayOf } from '../../core/standup/span.ts'
import { Failure } from '../failure.ts'

/** Which telling of a summary is meant: when it is due (ms since 1970), and its day. */
export type Due = { at: number; day: string }

/**
 * The one of a day, or the one that was due last.
 * @throws Failure for a day on which it is not told
 */
export function dueAsked(summary: SummarySettings, day: string | undefined, now: number): Due {
  if (day === undefined) {
    const at = lastDue(summary, now)
    return { at, day: dayOf(at, summary.timeZone) }
  }
  const at = dueOn(summary, day)
  if (at !== null) return { at, day }
  throw new Failure(`${summary.name} is not told on ${day}: its days are ${summary.days.join(', ')}.`)
}
