import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../core/process/defer.ts'
import { type DeskView, EMPTY_DESK } from '../../core/process/expansion/desk.ts'
import { planReads, type StaleTask } from '../../core/process/expansion/plan.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import type { Passage } from '../../core/upstream/passage.ts'

const SEED = Number(process.env['SEED'] ?? 20261120)
const NOW = 1_789_000_000_000
const { reading } = settingsSchema.parse({ leaseMs: 1, ledgerDays: 1 })
const FREE: Passage = { kind: 'free', calls: 95, limit: 100 }

const stale = (id: string, over: Partial<StaleTask> = {}): StaleTask => ({
  id,
  from: NOW - 200,
  to: NOW - 200,
  observedAt: 0,
  optional: false,
  ...over,
})
const many = (count: number) => Array.from({ length: count }, (_, i) => stale(`t${i}`))
const plan = (tasks: StaleTask[], desk: Partial<DeskView> = {}, passage: Passage = FREE) =>
  planReads(tasks, { desk: { ...EMPTY_DESK, ...desk }, passage, now: NOW, reading })

describe('in calm times', () => {
  it('a lone change is read at once', () => {
    expect(plan([stale('a')])).toMatchObject({ singly: ['a'], listing: null, join: null })
  })

  it('a task that somebody read a moment ago waits until answers can have changed', () => {
    const { singly, waits } = plan([stale('a'), stale('b', { observedAt: NOW - 1_000 })], {
      reads: { 'task#a': NOW - 2_000 },
    })
    expect(singly).toEqual([])
    expect([...waits]).toEqual([
      ['a', deferred('debounce', NOW + 3_000)],
      ['b', deferred('debounce', NOW + 4_000)],
    ])
  })

  it('a read in the future of our clock holds nothing back', () => {
    expect(plan([stale('a', { observedAt: NOW + 3_600_000 })]).singly).toEqual(['a'])
  })

  it('what the budget does not bear waits', () => {
    const { singly, waits } = plan(many(3), {}, { kind: 'free', calls: 2, limit: 100 })
    expect(singly).toHaveLength(2)
    expect([...waits.values()]).toHaveLength(1)
  })

  it('a larger plan bears more single reads', () => {
    expect(plan(many(13), {}, { kind: 'free', calls: 900, limit: 1000 }).singly).toHaveLength(13)
    expect(plan(many(13)).singly).toEqual([])
  })
})

describe('a storm', () => {
  it('begins when more is read than the budget bears, and gathers before it is listed', () => {
    const { singly, join, waits } = plan(many(11))
    expect(singly).toEqual([])
    expect(join).toEqual({ count: 11, since: NOW - 200, nextListingAt: NOW + 5_000 })
    expect(waits.size).toBe(11)
  })

  it('begins sooner when many come in the same moment', () => {
    expect(plan(many(3)).singly).toHaveLength(3)
    expect(plan(many(4)).singly).toEqual([])
  })

  it('counts what the others have read', () => {
    const reads = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`task#x${i}`, NOW - 6_000 - i]))
    expect(plan([stale('a')], { reads })).toMatchObject({ singly: [], join: { count: 1 } })
  })

  const storm = { stormSince: NOW - 20_000, nextListingAt: NOW - 1, waiting: 50, waitingSince: NOW - 10_000 }

  it('is listed from the oldest change that waits, archived tasks too', () => {
    expect(plan(many(3), storm)).toMatchObject({
      listed: ['t0', 't1', 't2'],
      listing: {
        since: NOW - 10_000,
        expected: 53,
        stretches: [
          { since: NOW - 10_000, until: null, archived: false },
          { since: NOW - 10_000, until: null, archived: true },
        ],
      },
    })
  })

  it('goes on with what a listing had no time for, behind what is new', () => {
    const todo = [{ since: NOW - 60_000, until: NOW - 30_000, page: 3, archived: false }]
    const { listing } = plan(many(3), { ...storm, waitingSince: NOW - 60_000, todo, begunAt: NOW - 10_000 })
    expect(listing?.stretches).toEqual([
      { since: NOW - 15_000, until: null, page: 0, archived: false },
      { since: NOW - 15_000, until: null, page: 0, archived: true },
      ...todo,
    ])
  })

  it('is begun anew when too much was left', () => {
    const left = Array.from({ length: 9 }, (_, i) => ({
      ...{ since: NOW - 60_000 - i, until: NOW - 30_000, page: 0, archived: false },
    }))
    const { listing } = plan(many(3), { ...storm, todo: left, begunAt: NOW - 10_000 })
    const since = NOW - 60_008
    expect(listing?.stretches).toEqual([
      { since, until: null, page: 0, archived: false },
      { since, until: null, page: 0, archived: true },
    ])
  })

  it('waits while another worker lists', () => {
    const { waits, join } = plan(many(2), {
      ...storm,
      listingUntil: NOW + 50_000,
      listingEnds: NOW + 9_000,
      begunAt: NOW,
    })
    expect([...waits.values()].map(({ until }) => until)).toEqual([NOW + 9_000, NOW + 9_000])
    expect(join?.count).toBe(2)
  })

  it('is over when little waits', () => {
    expect(plan([stale('a')], { ...storm, waiting: 1 })).toMatchObject({ singly: ['a'], calm: true })
  })

  it('is over when nobody had anything to list', () => {
    expect(plan([stale('a')], { ...storm, nextListingAt: NOW - 40_000 })).toMatchObject({ singly: ['a'], calm: true })
  })

  it('reads singly what a listing should have brought and did not', () => {
    const old = stale('a', { from: NOW - 20_000, to: NOW - 20_000 })
    const listed = [NOW - 5_000, NOW - 8_000, NOW - 10_000].map((at) => ({ from: NOW - 30_000, at }))
    expect(plan([old, ...many(2)], { ...storm, listed: listed.slice(0, 2) }).singly).toEqual([])
    expect(plan([old, ...many(2)], { ...storm, listed })).toMatchObject({ singly: ['a'], listed: ['t0', 't1'] })
  })
})

it.each([
  ['spent', 'rateLimited', NOW + 20_000],
  ['down', 'unavailable', NOW + 15_000],
  ['tokenDead', 'tokenDead', NOW + 60_000],
] as const)('nothing is read while the way is blocked: %s', (why, reason, until) => {
  const { singly, listing, waits } = plan(many(3), {}, { kind: 'blocked', why, until, since: NOW - 5_000 })
  expect({ singly, listing }).toEqual({ singly: [], listing: null })
  expect([...waits.values()]).toEqual(Array(3).fill(deferred(reason, until)))
})

const time = fc.integer({ min: NOW - 60_000, max: NOW + 60_000 })
const arbitrary = fc.record({
  tasks: fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 30 }).map((i) => `t${i}`),
      from: fc.integer({ min: NOW - 60_000, max: NOW }),
      late: fc.integer({ min: 0, max: 5_000 }),
      observedAt: fc.oneof(fc.constant(0), time),
      optional: fc.boolean(),
    }),
    { maxLength: 25, selector: ({ id }) => id },
  ),
  desk: fc.record({
    reads: fc.dictionary(
      fc.integer({ min: 0, max: 30 }).map((i) => `task#t${i}`),
      time,
    ),
    stormSince: fc.oneof(fc.constant(0), time),
    waiting: fc.integer({ min: 0, max: 200 }),
    waitingSince: fc.oneof(fc.constant(0), time),
    nextListingAt: time,
    listingUntil: fc.oneof(fc.constant(0), time),
    listingEnds: time,
    begunAt: time,
    listed: fc.array(fc.record({ from: time, at: time }), { maxLength: 3 }),
  }),
  passage: fc.oneof(
    fc.record({
      kind: fc.constant('free' as const),
      calls: fc.integer({ min: 1, max: 95 }),
      limit: fc.constantFrom(100, 1_000, 10_000),
    }),
    fc.record({
      kind: fc.constant('blocked' as const),
      why: fc.constantFrom('spent' as const, 'down' as const, 'tokenDead' as const),
      until: fc.integer({ min: NOW + 1, max: NOW + 60_000 }),
      since: fc.constant(NOW - 1),
    }),
  ),
})

it('forgets no task: each is read, listed or waits for a time to come, and never beyond the budget', () => {
  fc.assert(
    fc.property(arbitrary, ({ tasks, desk, passage }) => {
      const all = tasks.map(({ late, ...task }) => ({ ...task, to: Math.min(NOW, task.from + late) }))
      const { singly, listed, without, waits, listing } = plan(all, desk, passage)
      const planned = [...singly, ...listed, ...without, ...waits.keys()]
      for (const id of without) expect(all.find((task) => task.id === id)?.optional).toBe(true)
      expect(planned.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
      expect(singly.length).toBeLessThanOrEqual(passage.kind === 'free' ? passage.calls : 0)
      expect(listing === null).toBe(listed.length === 0)
      for (const { until } of waits.values()) expect(until).toBeGreaterThan(NOW)
      for (const id of [...singly, ...listed]) expect(desk.reads[`task#${id}`] ?? 0).toBeLessThanOrEqual(NOW + 60_000)
    }),
    { seed: SEED, numRuns: 2_000 },
  )
})
