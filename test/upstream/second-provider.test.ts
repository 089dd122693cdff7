import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Fault } from '../../core/upstream/fault.ts'
import type { Provider } from '../../core/upstream/provider.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'
import { createMemoryStore } from './support/memory-store.ts'
import { createWindows } from './support/provider.ts'
import { createWorker, randomOf } from './support/worker.ts'

const START = 1_789_000_000_000
const BURST = { ms: 1_000, limit: 10 }
const STEADY = { ms: 60_000, limit: 150 }

const errorBody = z.looseObject({ errors: z.array(z.looseObject({ code: z.string() })) })

function classify(status: number, text: string, retryAt: number): Fault {
  const code = errorBody.safeParse(JSON.parse(text)).data?.errors[0]?.code ?? ''
  if (status === 429) return { kind: 'rateLimited', until: retryAt }
  if (code === 'not_authenticated') return { kind: 'tokenDead', code, until: null }
  if (code === 'permission_denied') return { kind: 'noAccess' }
  if (code === 'not_found') return { kind: 'gone' }
  if (status >= 500) return { kind: 'unavailable', reason: `status ${status}`, until: null }
  return { kind: 'invalid', reason: `${status} ${code}` }
}

/**
 * An API that has nothing in common with ClickUp's: a burst of a second of which no header tells, a minute of which one
 * tells in seconds from now, `Retry-After` and nothing else on a refusal, another token header, other errors.
 */
const OTHER: Provider = {
  windows: [
    { name: 'burst', ...BURST, graceMs: 150, headers: null },
    {
      name: 'steady',
      ...STEADY,
      graceMs: 1_000,
      headers: {
        ...{ limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
        resetIs: 'wait',
      },
    },
  ],
  retryAfter: 'retry-after',
  authorize: (token) => ({ authorization: `Other-API-Key ${token}` }),
  classify: ({ status, text, retryAt }) => classify(status, text, retryAt),
  codeOf: (text) => errorBody.safeParse(JSON.parse(text)).data?.errors[0]?.code ?? null,
}

const errors = (code: string) => JSON.stringify({ errors: [{ code, detail: 'words' }] })

function build(seed: number, limits = { burst: BURST.limit, steady: STEADY.limit }, phase = 0) {
  const time = createVirtualTime(START)
  const random = randomOf(seed)
  const between = (from: number, to: number) => Math.floor(from + random() * (to - from))
  const burst = createWindows(time, { kind: 'aligned', phase }, BURST.ms)
  const steady = createWindows(time, { kind: 'aligned', phase: phase * 37 }, STEADY.ms)
  const refusals: string[] = []

  const fetch: Fetch = async (_url, init) => {
    await time.sleep(between(5, 145))
    expect(new Headers(init.headers).get('authorization')).toBe('Other-API-Key t')
    const [short, long] = [burst.current(), steady.current()]
    const full = long.calls >= limits.steady ? long : short.calls >= limits.burst ? short : null
    const [window, ms] = full === long ? [long, STEADY.ms] : [short, BURST.ms]
    const wait = Math.ceil((window.start + ms - time.now()) / 1000)
    if (full === null) {
      short.calls += 1
      long.calls += 1
    } else {
      refusals.push(full === long ? 'steady' : 'burst')
    }
    const left = Math.floor((long.start + STEADY.ms - time.now()) / 1000)
    const used = long.calls
    await time.sleep(between(5, 200))
    if (full !== null) {
      return new Response(errors('throttled'), { status: 429, headers: { 'retry-after': String(wait) } })
    }
    return Response.json(
      {},
      {
        headers: {
          'ratelimit-limit': String(limits.steady),
          'ratelimit-remaining': String(limits.steady - used),
          'ratelimit-reset': String(left),
        },
      },
    )
  }

  const shared = createMemoryStore(() => time.sleep(between(1, 4)))
  const worker = () => createWorker({ time, random, store: shared.store, fetch, lane: 'live', provider: OTHER })

  /** So many workers who call as fast as they may. */
  async function press(count: number, ms: number) {
    let working = count
    const work = async () => {
      const { call, polite } = worker()
      while (time.now() < START + ms) {
        const passage = await polite.look()
        if (passage.kind === 'blocked') await time.sleep(passage.until - time.now() + between(1, 100))
        else await call()
      }
      working -= 1
    }
    const all = Promise.all(Array.from({ length: count }, work))
    await time.run({ done: () => working === 0 })
    await all
  }
  return { time, burst, steady, refusals, press, worker, ...shared }
}

describe('another provider is parameters', () => {
  it('and none of its windows is exceeded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 999 }),
        async (seed, workers, phase) => {
          const { refusals, press } = build(seed, undefined, phase)
          await press(workers, 3 * STEADY.ms)
          expect(refusals).toEqual([])
        },
      ),
      { numRuns: 6 },
    )
  }, 60_000)

  it('of which most can be used', async () => {
    const { steady, press } = build(1)
    await press(12, 5 * STEADY.ms)
    // The first two share the calls that were made about the end of the first, before it was full.
    const whole = steady.all.slice(2, -1)
    expect(whole.length).toBeGreaterThanOrEqual(2)
    expect(Math.min(...whole.map(({ calls }) => calls))).toBeGreaterThanOrEqual(0.9 * STEADY.limit)
  })

  it('and the window that refuses is found by how long it is to be waited', async () => {
    // The burst is really 4, which no header tells.
    const { press, refusals, state } = build(2, { burst: 4, steady: STEADY.limit })
    await press(8, 10_000)
    const { burst, steady } = state().windows
    expect(refusals).toContain('burst')
    expect(burst?.learned?.limit).toBeLessThan(BURST.limit)
    expect(steady?.learned).toBeNull()
    expect(steady?.refusedUntil).toBe(0)
    // At most what each of the workers had under way, until it was learnt.
    expect(refusals.length).toBeLessThanOrEqual(16)
  })

  it('and its errors are its own', async () => {
    for (const [status, code, kind] of [
      [401, 'not_authenticated', 'tokenDead'],
      [403, 'permission_denied', 'noAccess'],
      [404, 'not_found', 'gone'],
      [400, 'invalid', 'invalid'],
    ] as const) {
      const time = createVirtualTime(START)
      const fetch: Fetch = async () => new Response(errors(code), { status })
      const options = {
        time,
        random: () => 0,
        store: createMemoryStore().store,
        lane: 'live',
        provider: OTHER,
      } as const
      expect(await createWorker({ ...options, fetch }).call()).toMatchObject({ kind })
    }
  })
})
