import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dueOn, lastDue } from '../../core/standup/due.ts'

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WORKING = WEEK.slice(0, 5)
const berlin = { timeZone: 'Europe/Berlin', days: WORKING, at: '09:00' }
const utc = (text: string) => Date.parse(`${text}Z`)

it('is the moment itself, and until the next one the one before', () => {
  const friday = utc('2026-03-27T08:00')
  expect(lastDue(berlin, friday)).toBe(friday)
  expect(lastDue(berlin, friday - 1)).toBe(utc('2026-03-26T08:00'))
  // On Sunday the clocks go forward: Monday at nine is an hour earlier.
  expect(lastDue(berlin, utc('2026-03-30T06:59'))).toBe(friday)
  expect(lastDue(berlin, utc('2026-03-30T07:00'))).toBe(utc('2026-03-30T07:00'))
})

it('is due on its days, and on no other', () => {
  expect(dueOn(berlin, '2026-03-27')).toBe(utc('2026-03-27T08:00'))
  expect(dueOn(berlin, '2026-03-30')).toBe(utc('2026-03-30T07:00'))
  expect(dueOn(berlin, '2026-03-28')).toBeNull()
})

it('is not due on a day whose clocks jump over its time, and once where they show it twice', () => {
  const night = { timeZone: 'Europe/Berlin', days: WEEK, at: '02:30' }
  expect(dueOn(night, '2026-03-29')).toBeNull()
  expect(lastDue(night, utc('2026-03-29T12:00'))).toBe(utc('2026-03-28T01:30'))
  expect(dueOn(night, '2026-10-25')).toBe(utc('2026-10-25T00:30'))
  expect(lastDue(night, utc('2026-10-25T12:00'))).toBe(utc('2026-10-25T00:30'))
})

it('agrees with itself: what was due last is due on its day', () => {
  const time = fc.integer({ min: utc('2026-01-01T00:00'), max: utc('2027-12-31T00:00') })
  const rhythm = fc.record({
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
    days: fc.subarray(WEEK, { minLength: 1 }),
    at: fc.constantFrom('00:00', '02:30', '09:00', '23:59'),
  })
  fc.assert(
    fc.property(rhythm, time, (each, now) => {
      const at = lastDue(each, now)
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: each.timeZone, dateStyle: 'short' }).format(at)
      expect(at).toBeLessThanOrEqual(now)
      expect(dueOn(each, day)).toBe(at)
      expect(lastDue(each, at)).toBe(at)
    }),
    { seed: 7, numRuns: 300 },
  )
})
