import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportSettingsSchema } from '../../core/report/settings.ts'
import { createCalendar } from '../../core/report/working-time.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const HOUR = 3_600_000
const QUARTER = HOUR / 4

const calendarOf = (over: object = {}) =>
  createCalendar(reportSettingsSchema.parse({ timeZone: 'Europe/Berlin', ...over }))

/** Whether somebody works in a quarter of an hour, by what the clocks in the zone show. */
function worksIn(timeZone: string): (at: number) => boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' })
  return (at) => {
    const parts = clock.formatToParts(at)
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
    return !['Sat', 'Sun'].includes(part('weekday')) && Number(part('hour')) >= 9 && Number(part('hour')) < 17
  }
}

describe('working time', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])(
    'is what counting each quarter of an hour in %s gives',
    (timeZone) => {
      const calendar = calendarOf({ timeZone })
      const isWork = worksIn(timeZone)
      // Weeks in which clocks change, in either hemisphere.
      const start = fc.constantFrom(
        Date.UTC(2026, 2, 5),
        Date.UTC(2026, 2, 26),
        Date.UTC(2026, 9, 22),
        Date.UTC(2026, 3, 2),
      )
      fc.assert(
        fc.property(start, fc.nat({ max: 600 }), fc.nat({ max: 700 }), (from, offset, length) => {
          const begin = from + offset * QUARTER
          let quarters = 0
          for (let i = 0; i < length; i += 1) if (isWork(begin + i * QUARTER)) quarters += 1
          expect(calendar.working(begin, begin + length * QUARTER)).toBe(quarters * QUARTER)
        }),
        { seed: SEED, numRuns: 12 },
      )
    },
  )

  it('adds up, and is nothing backwards', () => {
    const calendar = calendarOf()
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) })
    fc.assert(
      fc.property(fc.tuple(at, at, at), (times) => {
        const [a, b, c] = times.toSorted((x, y) => x - y)
        if (a === undefined || b === undefined || c === undefined) return
        expect(calendar.working(a, b) + calendar.working(b, c)).toBe(calendar.working(a, c))
        expect(calendar.working(c, a)).toBe(0)
      }),
      { seed: SEED },
    )
  })

  it('of a night shift has an hour less when the clocks go forward', () => {
    const nights = calendarOf({ workingDays: ['sun'], workingHours: { from: '00:00', to: '06:00' } })
    const sunday = Date.UTC(2026, 2, 28, 23)
    expect(nights.working(sunday, sunday + 24 * HOUR)).toBe(5 * HOUR)
    const autumn = Date.UTC(2026, 9, 24, 22)
    expect(nights.working(autumn, autumn + 24 * HOUR)).toBe(7 * HOUR)
  })

  it('leaves out holidays', () => {
    const [from, to] = [Date.UTC(2026, 11, 21), Date.UTC(2026, 11, 27)]
    expect(calendarOf().working(from, to)).toBe(40 * HOUR)
    expect(calendarOf({ holidays: ['2026-12-24', '2026-12-25', '2026-12-26'] }).working(from, to)).toBe(24 * HOUR)
  })
})

describe('weeks and days', () => {
  it('are those of the zone', () => {
    const calendar = calendarOf()
    const lastSecond = Date.UTC(2026, 0, 4, 22, 59, 59)
    expect(calendar.day(lastSecond)).toBe('2026-01-04')
    expect([calendar.week(lastSecond), calendar.week(lastSecond + 1_000)]).toEqual(['2026-W01', '2026-W02'])
    expect(calendar.week(Date.UTC(2027, 0, 1, 12))).toBe('2026-W53')
    expect(calendar.weekStart('2026-W53')).toBe(Date.UTC(2026, 11, 27, 23))
    expect(calendar.weekStart('2026-W14')).toBe(Date.UTC(2026, 2, 29, 22))
  })
})
