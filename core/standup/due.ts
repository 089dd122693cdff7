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

/** Whether a text is a day of the calendar, such as `2026-03-02`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

/** From then on the next one is there, or will be soon: what stood still must not pour out a week of mornings. */
export const LATE_MS = 24 * 3_600_000

/** Whether what was due on a day is too late at `now`; it is where it is not due on that day any more, because its rhythm is another. */
export function isLate(rhythm: Rhythm, day: string, now: number): boolean {
  const at = dueOn(rhythm, day)
  return at === null || now - at > LATE_MS
}
