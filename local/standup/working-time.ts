/** Working hours as this check's config has them: the days from Monday to Friday, on the clocks of one zone. */
export const WORKING = { timeZone: 'Europe/Berlin', from: 9, to: 17 } as const
/** Of a whole working day, in milliseconds. */
export const WORKING_DAY_MS = (WORKING.to - WORKING.from) * 3_600_000

const MINUTE = 60_000
/** No zone changes its clocks within a quarter of an hour. */
const QUARTER = 15 * MINUTE

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: WORKING.timeZone,
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
})
const known = new Map<number, boolean>()

function isWork(quarter: number): boolean {
  const found = known.get(quarter)
  if (found !== undefined) return found
  const parts = new Map(format.formatToParts(quarter * QUARTER).map(({ type, value }) => [type, value]))
  const hour = Number(parts.get('hour'))
  const is = !['Sat', 'Sun'].includes(parts.get('weekday') ?? '') && hour >= WORKING.from && hour < WORKING.to
  known.set(quarter, is)
  return is
}

/**
 * Working time between two moments, ms: quarter of an hour by quarter of an hour, as one would count on a calendar's page. Apart from
 * how the reports reckon, so that one can tell the other's mistakes.
 */
export function workingBetween(from: number, until: number): number {
  let sum = 0
  for (let at = from; at < until; ) {
    const quarter = Math.floor(at / QUARTER)
    const next = Math.min(until, (quarter + 1) * QUARTER)
    if (isWork(quarter)) sum += next - at
    at = next
  }
  return sum
}
