import type { Expression } from './expression.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** Longer than from one 29 February to the next, even across 2100. */
const SEARCH_DAYS = 366 * 9

/**
 * The first moment after `after` (milliseconds, UTC) at which the expression is due, or undefined when there is none any more.
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

type Cron = Extract<Expression, { kind: 'cron' }>

function nextCron(cron: Cron, after: number): number | undefined {
  const first = (Math.floor(after / MINUTE) + 1) * MINUTE
  const firstDay = Math.floor(first / DAY) * DAY
  const minutesOfDay = [...cron.hours]
    .flatMap((hour) => [...cron.minutes].map((minute) => hour * 60 + minute))
    .sort((one, other) => one - other)
  for (let day = firstDay; day < firstDay + SEARCH_DAYS * DAY; day += DAY) {
    if (!isDay(cron, new Date(day))) continue
    const found = minutesOfDay.map((minute) => day + minute * MINUTE).find((moment) => moment >= first)
    if (found !== undefined) return found
  }
  return undefined
}

const isDay = (cron: Cron, date: Date): boolean =>
  cron.years.has(date.getUTCFullYear()) &&
  cron.months.has(date.getUTCMonth() + 1) &&
  (cron.days?.has(date.getUTCDate()) ?? true) &&
  (cron.weekdays?.has(date.getUTCDay() + 1) ?? true)
