import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lane } from '../../core/upstream/lane.ts'
import { createVirtualTime, type VirtualTime } from '../../local/virtual/time.ts'
import { createMemoryStore } from './support/memory-store.ts'
import { createProvider, type WindowKind } from './support/provider.ts'
import { createWorker, randomOf } from './support/worker.ts'

/** Of every property, as many times more: the seeds are others each time anyway. */
const RUNS = Number(process.env['RUNS'] ?? 1)

const START = 1_789_000_000_000
const MINUTE = 60_000
const LANES: readonly Lane[] = ['control', 'write', 'live', 'sweep', 'backfill']

type World = {
  seed: number
  window: WindowKind
  limit: number
  aheadMs: number
  told: boolean
  workers: number
  /** Of the calls, how many fail. */
  failing: number
  slowMs: number
}

/** Between the two, the same for the same seed. */
const between = (random: () => number, from: number, to: number) => Math.floor(from + random() * (to - from))

function build({ seed, window, limit, aheadMs, told, failing, slowMs }: World, says = told ? limit : null) {
  const time = createVirtualTime(START)
  const random = randomOf(seed)
  const provider = createProvider({
    ...{ time, window, limit, aheadMs },
    ms: MINUTE,
    told: says,
    // Whoever is let in arrives within the grace, most of the time much sooner.
    there: () => (random() < 0.1 ? between(random, 100, 950) : between(random, 5, 100)),
    back: () => (random() < 0.05 ? between(random, slowMs, slowMs * 3) : between(random, 5, slowMs)),
    status: () => (random() < failing ? 503 : 200),
  })
  const shared = createMemoryStore(() => time.sleep(between(random, 1, 5)))
  return { time, random, provider, ...shared }
}

/** Works as a container does: reserves, calls one after the other or all at once, rests, and sometimes waits for more. */
async function work(
  { time, random, provider, store }: ReturnType<typeof build>,
  { until, limit, lane }: { until: number; limit: number; lane: Lane },
) {
  const limits = { minute: { known: async () => limit } }
  const worker = createWorker({ time, store, random, fetch: provider.fetch, lane, limits })
  while (time.now() < until) {
    const asked = between(random, 1, 12)
    const passage = random() < 0.8 ? await worker.polite.reserve(asked) : await worker.polite.look()
    if (passage.kind === 'blocked') {
      await time.sleep(Math.max(1, passage.until - time.now()) + between(random, 0, 50))
      continue
    }
    const calls = between(random, 1, asked + 2)
    if (random() < 0.3) await Promise.all(Array.from({ length: calls }, worker.call))
    else for (let i = 0; i < calls && time.now() < until; i++) await worker.call()
    if (random() < 0.2) await time.sleep(between(random, 1, random() < 0.1 ? 90_000 : 3_000))
  }
  return worker
}

const run = async (time: VirtualTime, work: Promise<unknown>[]) => {
  let done = false
  const all = Promise.all(work).finally(() => {
    done = true
  })
  await time.run({ done: () => done })
  return all
}

const windowKind = fc.oneof(
  fc.constant<WindowKind>({ kind: 'byCall' }),
  fc.record({ kind: fc.constant('aligned' as const), phase: fc.integer({ min: 0, max: MINUTE - 1 }) }),
)

it('is never exceeded, whoever calls when', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        window: windowKind,
        limit: fc.constantFrom(1, 7, 25, 60, 100, 250),
        aheadMs: fc.integer({ min: -90_000, max: 90_000 }),
        told: fc.boolean(),
        workers: fc.integer({ min: 1, max: 20 }),
        failing: fc.constantFrom(0, 0, 0.05, 0.5),
        slowMs: fc.constantFrom(50, 300, 3_000),
      }),
      async (world) => {
        const built = build(world)
        const until = START + 5 * MINUTE
        const workers = Array.from({ length: world.workers }, () => {
          const lane = LANES[between(built.random, 0, LANES.length)] ?? 'live'
          return work(built, { until, limit: world.limit, lane })
        })
        await run(built.time, workers)
        expect(built.provider.windows.map(({ refused }) => refused)).toEqual(built.provider.windows.map(() => 0))
      },
    ),
    { numRuns: 15 * RUNS },
  )
}, 120_000)

/** Much work in the seconds about a window's end, after little or none in the window: there a call may fall on either side. */
const crowds = fc.array(
  fc.record({
    /** In ms from the window's end. */
    at: fc.integer({ min: -6_000, max: 4_000 }),
    calls: fc.integer({ min: 1, max: 120 }),
  }),
  { minLength: 2, maxLength: 6 },
)

it('is never exceeded by what comes about the end of a window', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        aligned: fc.boolean(),
        phase: fc.integer({ min: 0, max: 999 }),
        limit: fc.constantFrom(25, 60, 100),
        aheadMs: fc.integer({ min: -20_000, max: 20_000 }),
        told: fc.boolean(),
        slowMs: fc.constantFrom(50, 300, 3_000),
        ends: fc.array(fc.record({ opened: fc.boolean(), crowds }), { minLength: 1, maxLength: 3 }),
      }),
      async ({ aligned, phase, ends, limit, ...world }) => {
        const first = START + phase
        const window: WindowKind = aligned ? { kind: 'aligned', phase: first % MINUTE } : { kind: 'byCall' }
        const { time, provider, store, random } = build({ ...world, window, limit, workers: 0, failing: 0 })
        const limits = { minute: { known: async () => limit } }
        const workers = Array.from({ length: 6 }, () =>
          createWorker({ time, store, random, fetch: provider.fetch, lane: 'control', limits }),
        )
        const crowd = async (at: number, calls: number) => {
          await time.sleep(at - time.now())
          const [share, worker] = [Math.ceil(calls / 2), workers[between(random, 0, workers.length)]]
          if (random() < 0.5) await worker?.polite.reserve(share)
          await Promise.all(Array.from({ length: calls }, (_, i) => (i < share ? worker : workers[i % 6])?.call()))
        }
        const work = ends.flatMap(({ opened, crowds }, i) => [
          // A window of which nearly everything is left at its end, or none that anybody knows of.
          ...(opened ? [crowd(first + i * MINUTE + (i === 0 ? 0 : 5_000), 1)] : []),
          ...crowds.map(({ at, calls }) => crowd(first + (i + 1) * MINUTE + at, calls)),
        ])
        await run(time, work)
        expect(provider.windows.map(({ refused }) => refused)).toEqual(provider.windows.map(() => 0))
      },
    ),
    { numRuns: 60 * RUNS },
  )
}, 120_000)

it.each<[string, WindowKind]>([
  ['begin with a call', { kind: 'byCall' }],
  ['follow one another', { kind: 'aligned', phase: 17_345 }],
])(
  'is used by twenty workers who want more than there is, with few writes, where windows %s',
  async (_, window) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(5, 8), fc.constantFrom(100, 1_000), async (seed, share, limit) => {
        const world = build({ seed, window, limit, aheadMs: 700, told: true, workers: 20, failing: 0, slowMs: 300 })
        const { time, provider, random, writes, store } = world
        const until = START + 10 * MINUTE
        const worker = async () => {
          const { polite, call } = createWorker({ time, store, random, fetch: provider.fetch, lane: 'live' })
          while (time.now() < until) {
            const passage = await polite.reserve(share)
            // Everybody comes again in the same moment: the worst that can be.
            if (passage.kind === 'blocked') await time.sleep(passage.until - time.now())
            else for (let i = 0; i < passage.calls; i++) await call()
          }
        }
        await run(time, Array.from({ length: 20 }, worker))
        const calls = provider.windows.map((each) => each.calls)
        const whole = calls.slice(1, -1)
        const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
        expect(provider.windows.every(({ refused }) => refused === 0)).toBe(true)
        expect(sum(whole) / whole.length).toBeGreaterThanOrEqual(limit * 0.9)
        expect(whole.length).toBeGreaterThanOrEqual(8)
        expect(writes.asked).toBeLessThanOrEqual(sum(calls) / 5)
      }),
      { numRuns: 3 * RUNS },
    )
  },
  120_000,
)

/** Twenty workers who always want more, for so many minutes. */
async function press(world: ReturnType<typeof build>, minutes: number, known: number) {
  const { time, provider, random, store } = world
  const until = START + minutes * MINUTE
  const worker = async () => {
    const limits = { minute: { known: async () => known } }
    const { polite, call } = createWorker({ time, store, random, fetch: provider.fetch, lane: 'live', limits })
    while (time.now() < until) {
      const passage = await polite.reserve(5)
      if (passage.kind === 'blocked') await time.sleep(passage.until - time.now() + between(random, 0, 500))
      else for (let i = 0; i < passage.calls; i++) await call()
    }
  }
  await run(time, Array.from({ length: 20 }, worker))
  return provider.windows
}

describe('a limit that is lower than everybody says', () => {
  const lower = (seed: number, told: number | null) => {
    const world = { seed, window: { kind: 'byCall' } as const, limit: 60, aheadMs: 0, told: true, workers: 20 }
    return build({ ...world, failing: 0, slowMs: 300 }, told)
  }

  it('is learnt in the first window to the call where the headers count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [first, ...others] = await press(lower(seed, 100), 10, 100)
        // What was under way when the first was refused could not be called back.
        expect(first?.refused).toBeGreaterThan(0)
        expect(first?.refused).toBeLessThanOrEqual(20)
        expect(others.map(({ refused }) => refused)).toEqual(others.map(() => 0))
        expect(others.slice(0, -1).every(({ calls }) => calls >= 0.9 * 60)).toBe(true)
      }),
      { numRuns: 4 * RUNS },
    )
  }, 60_000)

  it('is learnt in a few windows where there are no headers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const windows = await press(lower(seed, null), 20, 100)
        expect(windows.length).toBeGreaterThan(8)
        expect(windows.filter(({ refused }) => refused > 0).length).toBeLessThanOrEqual(3)
        expect(windows.slice(4).map(({ refused }) => refused)).toEqual(windows.slice(4).map(() => 0))
      }),
      { numRuns: 4 * RUNS },
    )
  }, 60_000)
})

it('is shared with somebody else: a refusal ends the window for all but the calls that are under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 10, max: 80 }), async (seed, theirs) => {
      const world = build({
        ...{ seed, window: { kind: 'aligned', phase: START % MINUTE }, limit: 100, aheadMs: 0, told: true },
        ...{ workers: 20, failing: 0, slowMs: 300 },
      })
      for (let call = 0; call < theirs * 10; call++) {
        const minute = Math.floor(call / theirs)
        const at = START + minute * MINUTE + between(world.random, 0, 20_000)
        world.time.schedule(at, () => world.provider.use(1))
      }
      const windows = await press(world, 10, 100)
      expect(Math.max(...windows.map(({ refused }) => refused))).toBeLessThanOrEqual(20)
    }),
    { numRuns: 4 * RUNS },
  )
}, 60_000)
