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
})

describe('a refused call', () => {
  const again = (told: ReturnType<typeof read>) => retryAtOf(told, CLICKUP.windows, NOW) - NOW

  it.each([
    ['in seconds', '7', 7_100],
    ['as a date', new Date(NOW + 9_000).toUTCString(), 9_200],
  ])('comes again when it is told, %s', (_, retryAfter, wait) => {
    expect(again(read('100', '0', IN_30_S, retryAfter))).toBe(wait)
  })

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
