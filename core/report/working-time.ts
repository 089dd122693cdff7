import { Temporal } from 'temporal-polyfill'
import type { ReportSettings } from './settings.ts'

/**
 * Days, weeks and working hours on the clocks of one time zone. Node 24 has no `Temporal` without a flag, hence the polyfill:
 * a day of working hours may be an hour shorter or longer where the clocks change in it, and `Date` knows only one zone.
 */
export type Calendar = {
  /** Working time from one moment to another (ms since 1970), in milliseconds; 0 when the second is not later. */
  working(from: number, to: number): number
  /** The ISO week of a moment, as `2026-W07`. */
  week(at: number): string
  /** The day of a moment, as `2026-02-12`. */
  day(at: number): string
  /** When an ISO week begins, ms since 1970. */
  weekStart(week: string): number
  /** Working time of a whole working day, ms. */
  dayMs: number
}

type Span = { from: number; to: number; before: number }

export function createCalendar(settings: ReportSettings): Calendar {
  const { timeZone, workingDays, workingHours, holidays } = settings
  const [opens, closes] = [Temporal.PlainTime.from(workingHours.from), Temporal.PlainTime.from(workingHours.to)]
  const isWorkday = workdays(workingDays, holidays)
  const dateOf = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()
  const cached = new Map<number, Temporal.PlainDate>()
  let spans: Span[] = []
  let covered: { from: Temporal.PlainDate; to: Temporal.PlainDate } | null = null

  /** Working hours of all days that were asked for, the time before each summed up: a question is then two searches. */
  function cover(from: Temporal.PlainDate, to: Temporal.PlainDate): void {
    const first = covered === null || before(from, covered.from) ? from : covered.from
    const last = covered === null || before(covered.to, to) ? to : covered.to
    if (covered !== null && first.equals(covered.from) && last.equals(covered.to)) return
    spans = []
    let sum = 0
    for (let day = first; !before(last, day); day = day.add({ days: 1 })) {
      if (!isWorkday(day)) continue
      const span = {
        from: day.toZonedDateTime({ timeZone, plainTime: opens }).epochMilliseconds,
        to: day.toZonedDateTime({ timeZone, plainTime: closes }).epochMilliseconds,
        before: sum,
      }
      sum += span.to - span.from
      spans.push(span)
    }
    covered = { from: first, to: last }
  }

  /** Working time from the beginning of what is covered until a moment. */
  function until(at: number): number {
    let [low, high] = [0, spans.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((spans[middle]?.from ?? 0) <= at) low = middle + 1
      else high = middle
    }
    const span = spans[low - 1]
    return span === undefined ? 0 : span.before + Math.min(at, span.to) - span.from
  }

  /** Converting is slow, and a report asks for the same hours again and again. */
  function localDate(at: number): Temporal.PlainDate {
    const quarter = Math.floor(at / QUARTER_MS)
    const known = cached.get(quarter)
    if (known !== undefined) return known
    const date = dateOf(quarter * QUARTER_MS)
    cached.set(quarter, date)
    return date
  }

  return {
    working(from, to) {
      if (to <= from) return 0
      const [first, last] = [localDate(from), localDate(to)]
      // A month more on either side: the next question is near.
      if (covered === null || before(first, covered.from) || before(covered.to, last)) {
        cover(first.subtract({ days: 31 }), last.add({ days: 31 }))
      }
      return until(to) - until(from)
    },
    week: (at) => weekOf(localDate(at)),
    day: (at) => localDate(at).toString(),
    weekStart(week) {
      const [year = '', number = ''] = week.split('-W')
      const monday = Temporal.PlainDate.from(`${year}-01-04`)
      const start = monday.subtract({ days: monday.dayOfWeek - 1 }).add({ weeks: Number(number) - 1 })
      return start.toZonedDateTime({ timeZone }).epochMilliseconds
    },
    dayMs: opens.until(closes).total('milliseconds'),
  }
}

/** No zone changes its clocks within a quarter of an hour: all offsets are multiples of it. */
const QUARTER_MS = 15 * 60_000

const before = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0

const weekOf = (date: Temporal.PlainDate) => `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`

function workdays(days: ReportSettings['workingDays'], holidays: readonly string[]) {
  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  const numbers = new Set(days.map((day) => names.indexOf(day) + 1))
  const free = new Set(holidays)
  return (date: Temporal.PlainDate) => numbers.has(date.dayOfWeek) && !free.has(date.toString())
}
