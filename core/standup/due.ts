import { Temporal } from 'temporal-polyfill'
import { dayOf, type Rhythm, spanOf } from './span.ts'

/** When something that comes round was due last, at `now` at the latest (both ms since 1970). */
export const lastDue = (rhythm: Rhythm, now: number): number => spanOf(rhythm, now + 1).from

/**
 * When it is due on a day, such as `2026-03-02` on its own clocks (ms since 1970); null for a day on which it is not, also because
 * the clocks of that day jump over its time.
 */
export function dueOn(rhythm: Rhythm, day: string): number | null {
  const at = Temporal.PlainDate.from(day).toZonedDateTime({
    timeZone: rhythm.timeZone,
    plainTime: Temporal.PlainTime.from(rhythm.at),
  }).epochMilliseconds
  return lastDue(rhythm, at) === at && dayOf(at, rhythm.timeZone) === day ? at : null
}
