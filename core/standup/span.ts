import { Temporal } from 'temporal-polyfill'
import type { Span } from './material.ts'

/** When something comes round: on these days, at a time of the day, on the clocks of a time zone. */
export type Rhythm = { timeZone: string; days: readonly string[]; at: string }

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** A week, and one more where the clocks of that day have jumped over the time. */
const MOST_DAYS = 14

/**
 * What the summary of a time is about: from when it was due the time before. Monday's begins on Friday morning where there is
 * none at weekends; and wherever the clocks change, nothing is left out and nothing told twice: a time that the clocks of a day jump
 * over is skipped, and one that comes twice is the first, as EventBridge Scheduler does it
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time).
 *
 * @param at when it was due (ms since 1970)
 */
export function spanOf({ timeZone, days, at: time }: Rhythm, at: number): Span {
  const due = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  const plainTime = Temporal.PlainTime.from(time)
  const wanted = new Set(days.map((day) => DAYS.indexOf(day) + 1))
  const dueOn = (day: Temporal.PlainDate): number | null => {
    if (!wanted.has(day.dayOfWeek)) return null
    const on = day.toZonedDateTime({ timeZone, plainTime })
    return on.toPlainTime().equals(plainTime) ? on.epochMilliseconds : null
  }
  const today = due.toPlainDate()
  const until = due.toPlainTime().equals(plainTime) ? (dueOn(today) ?? at) : at
  for (let back = 0; back <= MOST_DAYS; back += 1) {
    const from = dueOn(today.subtract({ days: back }))
    if (from !== null && from < until) return { from, until, timeZone }
  }
  return { from: due.subtract({ days: 7 }).epochMilliseconds, until, timeZone }
}

/** The day of a moment on the clocks of a time zone, as `2026-03-29`. */
export const dayOf = (at: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
