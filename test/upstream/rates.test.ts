import { describe, expect, it } from 'vitest'
import { CLICKUP } from '../../core/clickup/provider.ts'
import { NOTHING_TOLD, readRates, retryAtOf } from '../../core/upstream/rates.ts'

const NOW = 1_789_000_000_000
const MINUTE = 60_000
const IN_30_S = String(NOW / 1000 + 30)

const read = (
  limit: string | null,
  remaining: string | null,
  reset: string | null,
  retryAfter: string | null = null,
) => {
  const all = { limit, remaining, reset }
  const headers = new Headers(retryAfter === null ? {} : { 'Retry-After': retryAfter })
  for (const [name, value] of Object.entries(all)) if (value !== null) headers.set(`X-RateLimit-${name}`, value)
  return readRates(CLICKUP, { headers, startedAt: NOW, answeredAt: NOW + 100, ahead: { atLeast: -200, atMost: 900 } })
}

describe('what an answer says of the limit', () => {
  it.each([
    ['in seconds', IN_30_S],
    ['in milliseconds', String(NOW + 30_000)],
  ])('is read with a reset %s, as a span on our clock', (_, reset) => {
    expect(read('100', '40', reset)).toEqual({
      reports: [
        {
          ...{ window: 'minute', limit: 100, remaining: 40 },
          // Rounded up to a second, by a clock that may be 900 ms ahead or 200 ms behind.
          ends: { earliest: NOW + 30_000 - 1_000 - 900, latest: NOW + 30_000 + 200 },
        },
      ],
      ignored: 0,
      retryAt: null,
      resetAt: NOW + 30_200,
    })
  })

  it.each<[string, Parameters<typeof read>, number]>([
    ['there are no headers', [null, null, null], 3],
    ['one is missing', ['100', null, IN_30_S], 1],
    ['the limit is zero', ['0', '0', IN_30_S], 1],
    ['the limit is a fancy', ['1000001', '40', IN_30_S], 1],
    ['a number is negative', ['100', '-1', IN_30_S], 1],
    ['a number is none', ['100', 'many', IN_30_S], 1],
    ['a number is broken', ['100', '40.5', IN_30_S], 1],
    ['more is left than there is', ['100', '101', IN_30_S], 1],
    ['the window has long ended', ['100', '40', String(NOW / 1000 - 62)], 1],
    ['the window has an end too far away', ['100', '40', String(NOW / 1000 + 125)], 1],
    ['the reset is no time', ['100', '40', '0'], 1],
    ['the reset is beyond all numbers', ['100', '40', '9'.repeat(16)], 1],
    ['everything is wrong', ['-5', '1e3', ''], 3],
  ])('is ignored and counted when %s', (_, headers, ignored) => {
    expect(read(...headers)).toMatchObject({ reports: [], ignored, retryAt: null })
  })

  it.each([
    ['has just ended', -59],
    ['is the next one', 119],
  ])('counts of a window that %s', (_, seconds) => {
    expect(read('100', '40', String(NOW / 1000 + seconds)).reports).toHaveLength(1)
  })

  it.each<[string, Parameters<typeof read>]>([
    ['the lowest limit', ['1', '0', IN_30_S]],
    ['the highest limit', ['1000000', '0', IN_30_S]],
    ['all that is left', ['100', '100', IN_30_S]],
  ])('is taken as it is: %s', (_, headers) => {
    expect(read(...headers)).toMatchObject({ reports: [{ limit: Number(headers[0]) }], ignored: 0 })
  })

  it('has an end that is neither over for longer than a window nor further away than two', () => {
    const exact = { atLeast: 0, atMost: 0 }
    const at = (ms: number) => {
      const headers = new Headers({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '40' })
      headers.set('x-ratelimit-reset', String(NOW + ms))
      return readRates(CLICKUP, { headers, startedAt: NOW, answeredAt: NOW + 100, ahead: exact }).reports.length
    }
    expect([at(-MINUTE - 1), at(-MINUTE)]).toEqual([0, 1])
    // Rounded up: it may be a second less.
    expect([at(2 * MINUTE + 1_100), at(2 * MINUTE + 1_101)]).toEqual([1, 0])
  })

  it('is nothing where no answer says anything', () => {
    expect(NOTHING_TOLD).toEqual({ reports: [], ignored: 0, retryAt: null, resetAt: null })
  })

  it('is not said to be wrong for telling when to come again, a day ago at the earliest', () => {
    expect(read('100', '0', IN_30_S, '7')).toMatchObject({ ignored: 0, retryAt: NOW + 7_100 })
    const dayAgo = { 'retry-after': new Date(NOW - 86_400_000).toUTCString() }
    const at = (answeredAt: number) =>
      readRates(CLICKUP, {
        ...{ headers: new Headers(dayAgo), startedAt: NOW, answeredAt, ahead: { atLeast: 0, atMost: 0 } },
      }).retryAt
    expect([at(NOW), at(NOW + 1)]).toEqual([NOW - 86_400_000, null])
  })

  it('tells when a window ends also where the rest of it cannot be right', () => {
    expect(read('0', '40', IN_30_S)).toMatchObject({ reports: [], resetAt: NOW + 30_200 })
    expect(read('100', '40', '77').resetAt).toBeNull()
  })
})

describe('what an answer says of several windows, in seconds from now', () => {
  const names = (prefix: string) => ({
    ...{
      limit: `${prefix}-limit`,
      remaining: `${prefix}-remaining`,
      reset: `${prefix}-reset`,
      resetIs: 'wait' as const,
    },
  })
  const windows = [
    { name: 'second', ms: 1_000, limit: 10, graceMs: 100, headers: names('s') },
    { name: 'silent', ms: 5_000, limit: 10, graceMs: 100, headers: null },
    { name: 'hour', ms: 60 * MINUTE, limit: 1_000, graceMs: 1_000, headers: names('h') },
  ]
  const provider = { ...CLICKUP, windows, retryAfter: null }
  const headers = (second: string, hour: string) => {
    const [limit = '', remaining = '', reset = ''] = second.split(' ')
    const [hourly = '', left = '', ends = ''] = hour.split(' ')
    const all = { 's-limit': limit, 's-remaining': remaining, 's-reset': reset, 'h-limit': hourly, 'h-remaining': left }
    return new Headers({ ...all, 'h-reset': ends, 'retry-after': '7' })
  }
  const told = (second: string, hour: string) =>
    readRates(provider, {
      ...{ headers: headers(second, hour), startedAt: NOW, answeredAt: NOW + 100, ahead: { atLeast: 7, atMost: 9 } },
    })

  it('is read for each, as a span as wide as the rounding, and without a header for waiting there is none', () => {
    expect(told('10 4 1', '1000 900 1800')).toEqual({
      reports: [
        { window: 'second', limit: 10, remaining: 4, ends: { earliest: NOW, latest: NOW + 2_100 } },
        { window: 'hour', limit: 1_000, remaining: 900, ends: { earliest: NOW + 1_799_000, latest: NOW + 1_801_100 } },
      ],
      ...{ ignored: 0, retryAt: null, resetAt: NOW + 1_801_100 },
    })
  })

  it('has a refused call wait for the window that is spent, the longest of them', () => {
    const wait = (second: string, hour: string) => retryAtOf(told(second, hour), windows, NOW) - NOW
    expect(wait('10 0 1', '1000 900 1800')).toBe(2_100)
    expect(wait('10 0 1', '1000 0 1800')).toBe(1_801_100)
    expect(wait('10 4 1', '1000 900 1800')).toBe(1_801_100)
    expect(wait('', '')).toBe(60 * MINUTE)
    expect(retryAtOf(NOTHING_TOLD, [], NOW) - NOW).toBe(1_000)
    expect(told('', '').ignored).toBe(6)
  })
})

describe('a refused call', () => {
  const again = (told: ReturnType<typeof read>) => retryAtOf(told, CLICKUP.windows, NOW) - NOW

  it.each([
    ['in seconds', '7', 7_100],
    ['as a date', new Date(NOW + 9_000).toUTCString(), 9_200],
  ])('comes again when it is told, %s', (_, retryAfter, wait) => {
    expect(again(read('100', '0', IN_30_S, retryAfter))).toBe(wait)
  })

  it.each([
    ['with spaces about it', ' 7 ', 7_100],
    ['a day', '86400', 86_400_100],
    ['never before a second is over', new Date(NOW - 9_000).toUTCString(), 1_000],
  ])('comes again when it is told, %s', (_, retryAfter, wait) => {
    expect(again(read('100', '0', IN_30_S, retryAfter))).toBe(wait)
  })

  it.each(['86401', new Date(NOW - 2 * 86_400_000).toUTCString(), new Date(NOW + 2 * 86_400_000).toUTCString()])(
    'does not believe that it has to wait for so long: %s',
    (retryAfter) => {
      expect(read('100', '0', IN_30_S, retryAfter)).toMatchObject({ ignored: 1, retryAt: null })
    },
  )

  it.each(['soon', '-3', '864000'])('counts an impossible %s and does without', (retryAfter) => {
    const told = read('100', '0', IN_30_S, retryAfter)
    expect(told).toMatchObject({ ignored: 1, retryAt: null })
    expect(again(told)).toBe(30_200)
  })

  it.each([
    ['when the window ends', read('100', '0', IN_30_S), 30_200],
    ['when the window ends, whatever is said to be left', read('100', '40', IN_30_S), 30_200],
    ['when the window ends, of which nothing else is told', read(null, null, IN_30_S), 30_200],
    ['after a whole window when its end cannot be right', read('100', '0', '77'), MINUTE],
    ['after a second at the soonest', read('100', '0', String(NOW / 1000 - 5)), 1_000],
    ['after a whole window when nothing is told', NOTHING_TOLD, MINUTE],
  ])('comes again %s', (_, told, wait) => {
    expect(again(told)).toBe(wait)
  })
})
