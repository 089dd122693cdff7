import { Temporal } from 'temporal-polyfill'
import type { Cron, Expression } from './expression.ts'

const MINUTE = 60_000
/** Longer than from one 29 February to the next, even across 2100. */
const SEARCH_DAYS = 366 * 9

/**
 * The first moment after `after` (ms since 1970) at which the expression is due, or undefined when there is none any more.
 * @param start when the schedule began; a rate counts from there.
 */
export function nextFire(expression: Expression, after: number, start: number): number | undefined {
  switch (expression.kind) {
    case 'at':
      return expression.at > after ? expression.at : undefined
    case 'rate': {
      const passed = Math.floor((after - start) / expression.everyMs)
      return start + (Math.max(passed, 0) + 1) * expression.everyMs
    }
    case 'cron':
      return nextCron(expression, after)
  }
}

function nextCron(cron: Cron, after: number): number | undefined {
  const { timeZone } = cron
  const first = (Math.floor(after / MINUTE) + 1) * MINUTE
  const firstDay = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(timeZone).toPlainDate()
  const times = [...cron.hours]
    .flatMap((hour) => [...cron.minutes].map((minute) => Temporal.PlainTime.from({ hour, minute })))
    .sort(Temporal.PlainTime.compare)
  for (let days = 0; days < SEARCH_DAYS; days += 1) {
    const day = firstDay.add({ days })
    if (!isDay(cron, day)) continue
    for (const time of times) {
      const due = dueAt(day, time, timeZone)
      if (due !== null && due >= first) return due
    }
  }
  return undefined
}

/**
 * A time of a day; null where the clocks jump over it: then EventBridge Scheduler leaves it out. Of one that comes twice it takes one,
 * and it is not documented which: here it is the first.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
function dueAt(day: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): number | null {
  const due = day.toZonedDateTime({ timeZone, plainTime: time })
  return due.toPlainTime().equals(time) ? due.epochMilliseconds : null
}

const isDay = (cron: Cron, day: Temporal.PlainDate): boolean =>
  cron.years.has(day.year) &&
  cron.months.has(day.month) &&
  (cron.days?.has(day.day) ?? true) &&
  // EventBridge counts from Sunday, which is 1.
  (cron.weekdays?.has((day.dayOfWeek % 7) + 1) ?? true)
