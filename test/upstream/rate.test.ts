import { describe, expect, it } from 'vitest'
import { type Rate, rateOf } from '../../core/upstream/rate.ts'
import { createRateKeeper } from '../../core/upstream/rate-keeper.ts'

const NOW = 1_789_000_000_000
const headers = (limit: string, remaining: string, reset: string) =>
  new Headers({ 'X-RateLimit-Limit': limit, 'X-RateLimit-Remaining': remaining, 'X-RateLimit-Reset': reset })

describe('what an answer says of the limit', () => {
  it.each([
    ['in seconds', String(NOW / 1000 + 30)],
    ['in milliseconds', String(NOW + 30_000)],
  ])('is read with a reset %s', (_, reset) => {
    const rate = { limit: 100, remaining: 40, resetAt: NOW + 30_000, toldAt: NOW }
    expect(rateOf(headers('100', '40', reset), NOW)).toEqual(rate)
  })

  it.each([new Headers(), headers('100', 'many', '1'), headers('', '1', '1')])(
    'is nothing when it is not all there',
    (some) => {
      expect(rateOf(some, NOW)).toBeNull()
    },
  )
})

describe('the keeper', () => {
  const rate = (remaining: number, resetAt = NOW + 30_000): Rate => ({ limit: 100, remaining, resetAt, toldAt: NOW })

  function keeper(save: (connection: string, rate: Rate) => Promise<void> = async () => undefined) {
    const clock = { time: NOW, now: () => clock.time }
    const saved: [string, number][] = []
    const kept = createRateKeeper({
      clock,
      save: async (connection, each) => {
        await save(connection, each)
        saved.push([connection, each.remaining])
      },
    })
    return { clock, saved, ...kept }
  }

  it('saves the lowest of a window, at most once in five seconds, per connection', async () => {
    const { clock, saved, note, flush } = keeper()
    for (const remaining of [40, 38, 39]) note('main', rate(remaining))
    note('other', rate(9))
    await flush()
    note('main', rate(30))
    await flush()
    clock.time += 5_000
    await flush()
    await flush()
    expect(saved).toEqual([
      ['main', 38],
      ['other', 9],
      ['main', 30],
    ])
  })

  it('takes a new window for what it says, and what could not be saved again', async () => {
    let fails = true
    const { saved, note, flush } = keeper(async () => {
      if (fails) throw new Error('throttled')
    })
    note('main', rate(3))
    note('main', rate(99, NOW + 90_000))
    await expect(flush()).rejects.toThrow('throttled')
    fails = false
    await flush()
    expect(saved).toEqual([['main', 99]])
  })
})
