import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../local/stack/schedule/expression.ts'
import { nextFire } from '../../local/stack/schedule/next-fire.ts'
import { createScheduler } from '../../local/stack/schedule/scheduler.ts'

const time = (text: string) => Date.parse(`${text}Z`)

describe('expressions', () => {
  it.each([
    ['cron(0/15 * * * ? *)', '2026-01-01T00:00:00', '2026-01-01T00:15:00'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:14:59', '2026-01-01T00:15:00'],
    ['cron(5 4 * * ? *)', '2026-12-31T04:05:00', '2027-01-01T04:05:00'],
    ['cron(0 10 ? * MON-FRI *)', '2026-01-02T10:00:00', '2026-01-05T10:00:00'],
    ['cron(0 0 ? * 1 *)', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    ['cron(0 12 29 FEB ? *)', '2026-01-01T00:00:00', '2028-02-29T12:00:00'],
    ['cron(30 9 1,15 * ? *)', '2026-01-01T09:30:00', '2026-01-15T09:30:00'],
    ['rate(5 minutes)', '2026-01-01T00:00:00', '2026-01-01T00:05:00'],
    ['rate(1 hour)', '2026-01-01T02:30:00', '2026-01-01T03:00:00'],
    ['at(2026-06-01T12:00:00)', '2026-01-01T00:00:00', '2026-06-01T12:00:00'],
  ])('%s after %s is %s', (expression, after, expected) => {
    const due = nextFire(parseExpression(expression, 'S'), time(after), time('2026-01-01T00:00:00'))
    expect(new Date(due ?? 0).toISOString()).toBe(`${expected}.000Z`)
  })

  it.each(['at(2020-01-01T00:00:00)', 'cron(0 0 1 1 ? 2020)', 'cron(0 0 31 2 ? *)'])(
    '%s is never due again',
    (text) => {
      expect(nextFire(parseExpression(text, 'S'), time('2026-01-01T00:00:00'), 0)).toBeUndefined()
    },
  )

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'cron(* * * * * *)',
    'cron(0 0 L * ? *)',
    'cron(60 0 * * ? *)',
    'cron(0 0 * * ?)',
    'every(5 minutes)',
  ])('refuses %s, naming resource and expression', (text) => {
    expect(() => parseExpression(text, 'Sweep')).toThrow(`Sweep: the schedule ${text}`)
  })
})

describe('expressions on the clocks of a time zone', () => {
  const dueAfter = (expression: string, zone: string, after: string) =>
    new Date(nextFire(parseExpression(expression, 'S', zone), time(after), 0) ?? 0).toISOString()

  it.each([
    // Winter and summer; the day there is not the day here.
    ['cron(0 9 ? * MON-FRI *)', 'Europe/Berlin', '2026-01-05T07:59:00', '2026-01-05T08:00'],
    ['cron(0 9 ? * MON-FRI *)', 'Europe/Berlin', '2026-07-06T06:59:00', '2026-07-06T07:00'],
    ['cron(0 9 ? * MON *)', 'Pacific/Auckland', '2026-01-01T00:00:00', '2026-01-04T20:00'],
    ['cron(30 9 1 * ? *)', 'Asia/Kolkata', '2026-01-15T00:00:00', '2026-02-01T04:00'],
    ['at(2026-06-01T12:00:00)', 'America/New_York', '2026-01-01T00:00:00', '2026-06-01T16:00'],
  ])('%s in %s after %s is %s', (expression, zone, after, expected) => {
    expect(dueAfter(expression, zone, after)).toBe(`${expected}:00.000Z`)
  })

  it('leave out a time that the clocks jump over', () => {
    // 29 March 2026: after 01:59 comes 03:00.
    expect(dueAfter('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T01:30:00')).toBe('2026-03-30T00:30:00.000Z')
  })

  it('fire once at a time that comes twice', () => {
    // 25 October 2026: after 02:59 comes 02:00.
    const first = dueAfter('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00')
    expect(first).toBe('2026-10-25T00:30:00.000Z')
    expect(dueAfter('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-25T00:30:00')).toBe('2026-10-26T01:30:00.000Z')
  })

  it('refuse a time zone that is none', () => {
    expect(() => parseExpression('cron(0 9 * * ? *)', 'Daily', 'Europe/Atlantis')).toThrow(
      'Daily: the schedule cron(0 9 * * ? *) has the time zone Europe/Atlantis, which is none',
    )
  })
})

describe('scheduler', () => {
  /** A clock and its timers, moved by hand. */
  function handClock() {
    let now = time('2026-01-01T00:00:30')
    const timers = new Map<number, { at: number; run: () => void }>()
    let count = 0
    return {
      clock: { now: () => now },
      timer: (ms: number, run: () => void) => {
        const id = count++
        timers.set(id, { at: now + ms, run })
        return () => timers.delete(id)
      },
      pending: () => timers.size,
      advance(ms: number) {
        const end = now + ms
        for (;;) {
          const [next] = [...timers].sort(([, one], [, other]) => one.at - other.at)
          if (!next || next[1].at > end) break
          timers.delete(next[0])
          now = Math.max(now, next[1].at)
          next[1].run()
        }
        now = end
      },
      sleep(ms: number) {
        now += ms
      },
    }
  }

  it('fires each time it is due, and no more once closed', () => {
    const { clock, timer, advance, pending } = handClock()
    const scheduler = createScheduler(clock, timer)
    const fired: string[] = []
    scheduler.add(parseExpression('cron(0/15 * * * ? *)', 'S'), (dueAt) =>
      fired.push(new Date(dueAt).toISOString().slice(11, 16)),
    )
    advance(45 * 60_000)
    expect(fired).toEqual(['00:15', '00:30', '00:45'])
    scheduler.close()
    expect(pending()).toBe(0)
    advance(60 * 60_000)
    expect(fired).toHaveLength(3)
  })

  it('fires once, late, for what was due while the machine slept', () => {
    const { clock, timer, advance, sleep } = handClock()
    const scheduler = createScheduler(clock, timer)
    const fired: number[] = []
    scheduler.add(parseExpression('rate(5 minutes)', 'S'), (dueAt) => fired.push(dueAt))
    sleep(60 * 60_000)
    advance(60_000)
    expect(fired).toEqual([time('2026-01-01T00:05:30')])
    advance(5 * 60_000)
    expect(fired).toHaveLength(2)
  })
})
