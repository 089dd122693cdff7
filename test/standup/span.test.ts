import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { dayOf, spanOf } from '../../core/standup/span.ts'

const BERLIN = 'Europe/Berlin'
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri']
const EVERY_DAY = [...WEEKDAYS, 'sat', 'sun']
const HOUR = 3_600_000

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const span = (text: string, over: Partial<Parameters<typeof spanOf>[0]> = {}) => {
  const { from, until } = spanOf({ timeZone: BERLIN, days: WEEKDAYS, at: '09:00', ...over }, at(text))
  return [from, until].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toString())
}

describe('what a summary is about', () => {
  it('is the time since the one of the day before', () => {
    expect(span('2026-11-18T08:00:00Z')).toEqual(['2026-11-17T08:00:00Z', '2026-11-18T08:00:00Z'])
  })

  it('is on Monday the time since Friday, where there is none at weekends', () => {
    expect(span('2026-11-16T08:00:00Z')).toEqual(['2026-11-13T08:00:00Z', '2026-11-16T08:00:00Z'])
    expect(span('2026-11-16T08:00:00Z', { days: EVERY_DAY })).toEqual(['2026-11-15T08:00:00Z', '2026-11-16T08:00:00Z'])
  })

  it('is a week where it is told on one day', () => {
    expect(span('2026-11-16T08:00:00Z', { days: ['mon'] })).toEqual(['2026-11-09T08:00:00Z', '2026-11-16T08:00:00Z'])
  })

  it.each([
    ['23 hours when the clocks go forward', '2026-03-29T07:00:00Z', 23],
    ['25 hours when they go back', '2026-10-25T08:00:00Z', 25],
  ])('is %s', (_, due, hours) => {
    const [from = '', until = ''] = span(due, { days: EVERY_DAY })
    expect(at(until) - at(from)).toBe(hours * HOUR)
  })

  it('is two days after one on which the clocks jumped over the time', () => {
    // 02:30 is not there on the 29th: nothing is told, and the next summary has both days.
    const night = { days: EVERY_DAY, at: '02:30' }
    expect(span('2026-03-30T00:30:00Z', night)).toEqual(['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z'])
  })

  it('goes back two weeks where the clocks jumped over the only time of a week', () => {
    const night = { days: ['sun'], at: '02:30' }
    expect(span('2026-04-05T00:30:00Z', night)).toEqual(['2026-03-22T01:30:00Z', '2026-04-05T00:30:00Z'])
  })

  it('is the same, whichever of two equal times of a day it is asked for', () => {
    const night = { days: EVERY_DAY, at: '02:30' }
    const first = ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z']
    expect(span('2026-10-25T00:30:00Z', night)).toEqual(first)
    expect(span('2026-10-25T01:30:00Z', night)).toEqual(first)
    expect(span('2026-10-26T01:30:00Z', night)).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'])
  })

  it('ends when somebody asks, and begins when it was due last', () => {
    expect(span('2026-11-18T12:34:00Z')).toEqual(['2026-11-18T08:00:00Z', '2026-11-18T12:34:00Z'])
  })

  it('leaves out nothing and tells nothing twice, wherever and whenever', () => {
    const zones = [BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'UTC']
    fc.assert(
      fc.property(
        fc.record({
          timeZone: fc.constantFrom(...zones),
          days: fc.subarray(EVERY_DAY, { minLength: 1 }),
          hour: fc.nat(23),
          minute: fc.constantFrom(0, 15, 30, 59),
          start: fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
        }),
        ({ timeZone, days, hour, minute, start }) => {
          const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
          const rhythm = { timeZone, days, at: time }
          // Back in time, each one from where the later one begins.
          let end = spanOf(rhythm, start).from
          for (let i = 0; i < 12; i += 1) {
            const { from, until } = spanOf(rhythm, end)
            expect(until).toBe(end)
            expect(until - from).toBeGreaterThan(22 * HOUR)
            expect(until - from).toBeLessThan(15 * 24 * HOUR)
            const begun = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
            expect(begun.toPlainTime().toString({ smallestUnit: 'minute' })).toBe(time)
            expect(days).toContain(EVERY_DAY[begun.dayOfWeek - 1])
            end = from
          }
        },
      ),
      { numRuns: 100, seed: 7 },
    )
  })
})

it('a day is that of the clocks of a zone', () => {
  expect(dayOf(at('2026-11-20T23:30:00Z'), BERLIN)).toBe('2026-11-21')
  expect(dayOf(at('2026-11-20T23:30:00Z'), 'America/New_York')).toBe('2026-11-20')
})
