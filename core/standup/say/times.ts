import { Temporal } from 'temporal-polyfill'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A moment (ms since 1970) on the clocks of a zone: `Thu 19 Nov 14:05`. */
export function timeText(at: number, timeZone: string): string {
  const { dayOfWeek, day, month, hour, minute } = zoned(at, timeZone)
  return `${DAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]} ${twoDigits(hour)}:${twoDigits(minute)}`
}

/** The same with its year, for where it stands alone: `Thu 19 Nov 2026 14:05`. */
export function fullTimeText(at: number, timeZone: string): string {
  const { dayOfWeek, day, month, year, hour, minute } = zoned(at, timeZone)
  return `${DAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]} ${year} ${twoDigits(hour)}:${twoDigits(minute)}`
}

const zoned = (at: number, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** A span of time in hours and minutes: `6 h 30 min`. What took any time took a minute. */
export function hoursText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ')
}

/** What came to be at a weekend has taken no working time yet, and a minute would be one too many. */
export const isNoTime = (ms: number): boolean => ms < 30_000

/** A span of working time: `6 h 30 min of working time`, `2.5 working days` from a whole one on. */
export function workingText(ms: number, workingDayMs: number): string {
  if (workingDayMs <= 0 || ms < workingDayMs) return `${hoursText(ms)} of working time`
  const days = Number((ms / workingDayMs).toFixed(1))
  return `${days} working ${days === 1 ? 'day' : 'days'}`
}
