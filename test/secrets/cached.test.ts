import { describe, expect, it } from 'vitest'
import { cached } from '../../core/secrets/cached.ts'

const TIMES = { lifeMs: 1_000, staleMs: 5_000, pauseMs: 100, refreshEveryMs: 300 }

/** A source whose answers the test gives out, and the clock. */
function bench() {
  let now = 1_000_000
  let version = 0
  let failing = false
  let gate: Promise<void> = Promise.resolve()
  const asked: string[] = []
  const values = cached(
    async (key) => {
      asked.push(key)
      await gate
      if (failing) throw new Error('the source is down')
      version += 1
      return `${key}${version}`
    },
    { clock: { now: () => now }, ...TIMES },
  )
  return {
    ...values,
    asked,
    pass: (ms: number) => {
      now += ms
    },
    fail: (fails = true) => {
      failing = fails
    },
    /** Keeps every answer back until the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return () => resolve()
    },
  }
}

describe('a cached value', () => {
  it('is fetched once in its life', async () => {
    const cache = bench()
    expect(await cache.get('a')).toBe('a1')
    cache.pass(999)
    expect(await cache.get('a')).toBe('a1')
    cache.pass(1)
    expect(await cache.get('a')).toBe('a2')
    expect(cache.asked).toHaveLength(2)
  })

  it('is kept per key', async () => {
    const cache = bench()
    expect([await cache.get('a'), await cache.get('b'), await cache.get('a')]).toEqual(['a1', 'b2', 'a1'])
  })

  it('is fetched once for callers that come together', async () => {
    const cache = bench()
    const release = cache.hold()
    const all = [cache.get('a'), cache.get('a'), cache.refresh('a')]
    release()
    expect(await Promise.all(all)).toEqual(['a1', 'a1', { value: 'a1', refetched: false }])
    expect(cache.asked).toEqual(['a'])
  })

  it('forgets a failure', async () => {
    const cache = bench()
    cache.fail()
    await expect(cache.get('a')).rejects.toThrow('down')
    cache.fail(false)
    expect(await cache.get('a')).toBe('a1')
  })

  it('ages from the asking, not from the answer', async () => {
    const cache = bench()
    const release = cache.hold()
    const first = cache.get('a')
    cache.pass(900)
    release()
    await first
    cache.pass(100)
    expect(await cache.get('a')).toBe('a2')
  })

  it('outlives its source for a bounded time, without asking every time', async () => {
    const cache = bench()
    await cache.get('a')
    cache.fail()
    cache.pass(1_000)
    expect([await cache.get('a'), await cache.get('a')]).toEqual(['a1', 'a1'])
    expect(cache.asked).toHaveLength(2)
    cache.pass(100)
    expect(await cache.get('a')).toBe('a1')
    expect(cache.asked).toHaveLength(3)
    cache.pass(4_900)
    await expect(cache.get('a')).rejects.toThrow('down')
    cache.fail(false)
    cache.pass(100)
    expect(await cache.get('a')).toBe('a2')
  })
})

describe('refresh', () => {
  it('asks at most once in its time, and gives the current value in between', async () => {
    const cache = bench()
    await cache.get('a')
    expect(await cache.refresh('a')).toEqual({ value: 'a2', refetched: true })
    cache.pass(299)
    expect(await cache.refresh('a')).toEqual({ value: 'a2', refetched: false })
    expect(await cache.refresh('b')).toEqual({ value: 'b3', refetched: true })
    cache.pass(1)
    expect(await cache.refresh('a')).toEqual({ value: 'a4', refetched: true })
  })

  it('renews the life', async () => {
    const cache = bench()
    await cache.get('a')
    cache.pass(900)
    await cache.refresh('a')
    cache.pass(900)
    expect(await cache.get('a')).toBe('a2')
  })

  it('gives the current value when the source fails, and does not ask more often for that', async () => {
    const cache = bench()
    await cache.get('a')
    cache.fail()
    expect(await cache.refresh('a')).toEqual({ value: 'a1', refetched: false })
    expect(await cache.refresh('a')).toEqual({ value: 'a1', refetched: false })
    expect(cache.asked).toHaveLength(2)
  })

  it('fails when there is nothing to fall back on', async () => {
    const cache = bench()
    cache.fail()
    await expect(cache.refresh('a')).rejects.toThrow('down')
  })

  it('names one caller as the one that fetched', async () => {
    const cache = bench()
    await cache.get('a')
    const results = await Promise.all([cache.refresh('a'), cache.refresh('a'), cache.refresh('a')])
    expect(results.filter(({ refetched }) => refetched)).toHaveLength(1)
    expect(results.map(({ value }) => value)).toEqual(['a2', 'a2', 'a2'])
  })

  it('that was never there is not asked for as fast as callers come, and is there soon after the source is', async () => {
    const cache = bench()
    cache.fail()
    await expect(cache.get('a')).rejects.toThrow('down')
    // The first failure may have been a slip.
    await expect(cache.get('a')).rejects.toThrow('down')
    expect(cache.asked).toHaveLength(2)
    for (let i = 0; i < 10_000; i += 1) {
      cache.pass(1)
      await expect(cache.get('a')).rejects.toThrow('down')
    }
    expect(cache.asked.length).toBeLessThanOrEqual(2 + 10_000 / TIMES.pauseMs)
    cache.fail(false)
    cache.pass(TIMES.pauseMs)
    expect(await cache.get('a')).toBe('a1')
  })
})
