import { beforeAll, describe, expect, it } from 'vitest'
import { SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { CONNECTIONS, ENQUEUE_MS, flood } from './flood.ts'

const MINUTE = 60_000
const REFRESH_MS = 30_000
/** The longest that a fetch takes here. */
const FETCH_MS = 400

type Run = Awaited<ReturnType<typeof flood>>

/** Of each connection, the times between one fetch and the next; the first is that of the start. */
const gapsOf = ({ fetches }: Run, connection: string) => {
  const times = fetches.filter((fetch) => fetch.connection === connection).map(({ at }) => at)
  return times.slice(2).map((at, i) => at - (times[i + 1] ?? Number.NaN))
}

const refused = ({ honest }: Run) => honest.filter(({ status }) => status !== 200)

describe('1,000 forgeries a second for five minutes, while Secrets Manager is down and a webhook gets another secret', () => {
  const down = { from: MINUTE, to: 2.5 * MINUTE }
  const rotatedAt = 200_000
  let run: Run
  beforeAll(async () => {
    run = await flood({ seed: 1, seconds: 300, forgedPerSecond: 1_000, honestPerSecond: 20, down, rotatedAt })
  })

  it('are all refused', () => {
    expect([...run.forged]).toEqual([[403, 300_000]])
  })

  it.each(CONNECTIONS)('cause at most one fetch in 30 s for %s', (connection) => {
    const gaps = gapsOf(run, connection)
    expect(gaps.length).toBeGreaterThanOrEqual(8)
    expect(gaps.length).toBeLessThanOrEqual(9)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(REFRESH_MS)
  })

  it('do no harm to any delivery, but for those that sign with a secret nobody has told of yet', () => {
    expect(run.honest).toHaveLength(6_000)
    for (const { connection, slot, at } of refused(run)) {
      expect([connection, slot]).toEqual(['acme', 'b'])
      expect(at).toBeGreaterThanOrEqual(rotatedAt)
      // The flood does not keep the new secret out for longer than that.
      expect(at).toBeLessThan(rotatedAt + REFRESH_MS + FETCH_MS)
    }
    expect(refused(run).length).toBeGreaterThan(0)
  })

  it('make no delivery wait, for Secrets Manager neither while it answers nor while it does not', () => {
    const since = run.honest.filter(({ at }) => at > FETCH_MS)
    const others = since.filter(({ connection, slot, at }) => at < rotatedAt || connection !== 'acme' || slot !== 'b')
    expect(new Set(others.map(({ ms }) => ms))).toEqual(new Set([ENQUEUE_MS]))
  })
})

describe('a forger', () => {
  it('causes every fetch there is but the first: deliveries cause none', async () => {
    const quiet = await flood({ seed: 2, seconds: 290, forgedPerSecond: 0, honestPerSecond: 20 })
    expect(quiet.fetches).toEqual(CONNECTIONS.map((connection) => ({ connection, at: 0 })))
    expect(refused(quiet)).toEqual([])
    const loud = { seed: 2, seconds: 60, forgedPerSecond: 200 }
    const [alone, beside] = [
      await flood({ ...loud, honestPerSecond: 0 }),
      await flood({ ...loud, honestPerSecond: 20 }),
    ]
    expect(beside.fetches).toHaveLength(alone.fetches.length)
  })

  it('adds no more than one fetch in 30 s to an outage that lasts longer than a cached secret', async () => {
    const outage = { seed: 3, seconds: 720, honestPerSecond: 5, down: { from: 30_000, to: 660_000 } }
    const quiet = await flood({ ...outage, forgedPerSecond: 0 })
    const loud = await flood({ ...outage, forgedPerSecond: 20 })
    expect(refused(quiet)).toEqual([])
    expect(refused(loud)).toEqual([])
    for (const connection of CONNECTIONS) {
      const count = (run: Run) => run.fetches.filter((fetch) => fetch.connection === connection).length
      expect(count(loud) - count(quiet)).toBeLessThanOrEqual(720 / 30 + 1)
    }
  })

  it('is noticed here when the cache lets every forgery fetch', async () => {
    const times = { ...SIGNING_CACHE, refreshEveryMs: 0 }
    const run = await flood({ seed: 5, seconds: 5, forgedPerSecond: 1_000, honestPerSecond: 20, times })
    expect(run.fetches.length).toBeGreaterThan(20)
  })
})
