import { describe, expect, it } from 'vitest'
import { blockedOutcome, deferred } from '../../core/process/defer.ts'
import { type DeskView, EMPTY_DESK } from '../../core/process/expansion/desk.ts'
import { planReads, type StaleTask } from '../../core/process/expansion/plan.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import type { Passage } from '../../core/upstream/passage.ts'

const NOW = 1_789_000_000_000
const MINUTE = 60_000
const { reading } = settingsSchema.parse({ leaseMs: 1, ledgerDays: 1 })
const FREE: Passage = { kind: 'free', calls: 95, limit: 100 }

const stale = (id: string, over: Partial<StaleTask> = {}): StaleTask => ({
  ...{ id, from: NOW - 200, to: NOW - 200, observedAt: 0, optional: false },
  ...over,
})
const many = (count: number, over: Partial<StaleTask> = {}) =>
  Array.from({ length: count }, (_, i) => stale(`t${i}`, over))
const plan = (tasks: StaleTask[], desk: Partial<DeskView> = {}, passage: Passage = FREE) =>
  planReads(tasks, { desk: { ...EMPTY_DESK, ...desk }, passage, now: NOW, reading })
const read = (count: number, at: number) => ({
  reads: Object.fromEntries(Array.from({ length: count }, (_, i) => [`task#x${i}`, at])),
})

/** A storm in which somebody may list now. */
const STORM: Partial<DeskView> = {
  stormSince: NOW - 20_000,
  nextListingAt: NOW,
  waiting: 50,
  waitingSince: NOW - 10_000,
}

describe('the debounce', () => {
  it('ends five seconds after whichever read was the last, and a read of this moment is one', () => {
    expect(plan([stale('a', { observedAt: NOW - 5_000 })]).singly).toEqual(['a'])
    expect(plan([stale('a', { observedAt: NOW - 4_999 })]).singly).toEqual([])
    expect(plan([stale('a', { observedAt: NOW })]).waits.get('a')).toEqual(deferred('debounce', NOW + 5_000))
    const later = plan([stale('a', { observedAt: NOW - 2_000 })], { reads: { 'task#a': NOW - 1_000 } })
    expect(later.waits.get('a')).toEqual(deferred('debounce', NOW + 4_000))
    const earlier = plan([stale('a', { observedAt: NOW - 1_000 })], { reads: { 'task#a': NOW - 2_000 } })
    expect(earlier.waits.get('a')).toEqual(deferred('debounce', NOW + 4_000))
  })

  it('leaves nothing to plan where it holds back all', () => {
    const [held] = [plan([stale('a', { observedAt: NOW })], STORM)]
    expect(held).toMatchObject({ singly: [], listing: null, listed: [], without: [], join: null, calm: false })
    // Nor is a storm over because of it that nobody lists any more.
    const quiet = { stormSince: NOW - 100_000, nextListingAt: NOW - 40_000 }
    expect(plan([stale('a', { observedAt: NOW })], quiet).calm).toBe(false)
  })
})

describe('calm', () => {
  it('is a third of the few that the budget bears, in two seconds', () => {
    expect(plan(many(3)).singly).toHaveLength(3)
    expect(plan(many(2), read(2, NOW - 1_999)).singly).toEqual([])
    expect(plan(many(2), read(2, NOW - 2_000)).singly).toHaveLength(2)
  })

  it('is the few that the budget bears, in ten seconds', () => {
    expect(plan(many(1), read(9, NOW - 9_999)).singly).toHaveLength(1)
    expect(plan(many(1), read(10, NOW - 9_999)).singly).toEqual([])
    expect(plan(many(1), read(10, NOW - 10_000)).singly).toHaveLength(1)
  })

  it('is a twenty-fifth of a larger plan', () => {
    const larger = (count: number, limit: number) =>
      plan(many(count), {}, { kind: 'free', calls: 900, limit }).singly.length
    expect([larger(13, 1_000), larger(14, 1_000)]).toEqual([13, 0])
    // Ten at least, and by whole calls.
    expect([larger(3, 274), larger(4, 274), larger(4, 300)]).toEqual([3, 0, 4])
  })

  it('is told to the desk only where a storm was', () => {
    expect(plan([stale('a')]).calm).toBe(false)
    expect(plan([stale('a')], { stormSince: NOW - 100_000, nextListingAt: NOW - 40_000 }).calm).toBe(true)
  })

  it('reads a task for a comment, too', () => {
    expect(plan([stale('a', { optional: true })])).toMatchObject({ singly: ['a'], without: [] })
  })

  it('has what the budget does not bear wait for five seconds', () => {
    const { singly, waits } = plan(many(3), {}, { kind: 'free', calls: 1, limit: 100 })
    expect(singly).toEqual(['t0'])
    expect([...waits]).toEqual(['t1', 't2'].map((id) => [id, deferred('rateLimited', NOW + 5_000)]))
  })
})

describe('what a comment wants read', () => {
  const both = [stale('a', { optional: true }), stale('b')]

  it('is left when calls are scarce, and what else there is waits', () => {
    const down: Passage = { kind: 'blocked', why: 'down', until: NOW + 9_000, since: NOW - 1_000 }
    const blocked = plan(both, {}, down)
    expect(blocked).toMatchObject({ without: ['a'], singly: [], join: null })
    expect([...blocked.waits]).toEqual([['b', blockedOutcome(down, NOW)]])
    expect(plan([...both, ...many(3)])).toMatchObject({ without: ['a'], join: { count: 4 } })
    expect(plan(both, { ...STORM, waiting: 50 })).toMatchObject({ without: ['a'], listed: ['b'] })
  })

  it('makes no listing and has nobody wait', () => {
    const alone = plan([stale('a', { optional: true })], STORM)
    expect(alone).toMatchObject({ without: ['a'], listed: [], listing: null, join: null, calm: false })
    expect(alone.waits.size).toBe(0)
  })
})

describe('whoever waits for a listing', () => {
  const listing = (over: Partial<DeskView>) => ({
    ...STORM,
    nextListingAt: NOW - 1,
    listingUntil: NOW + 50_000,
    ...over,
  })
  const untilOf = (desk: Partial<DeskView>) => plan(many(1), desk).waits.get('t0')?.until

  it('that goes on looks again when it is expected to end, in a second at the soonest and 15 at the latest', () => {
    expect(untilOf(listing({ listingEnds: NOW + 9_000 }))).toBe(NOW + 9_000)
    expect(untilOf(listing({ listingEnds: NOW + 10 }))).toBe(NOW + 1_000)
    expect(untilOf(listing({ listingEnds: NOW + 40_000 }))).toBe(NOW + 15_000)
    expect(plan(many(1), listing({ listingUntil: NOW })).waits.size).toBe(0)
  })

  it('that goes on counts for the next one only if that one may have missed it', () => {
    expect(plan(many(2), listing({ begunAt: NOW + 4_800 })).join).toBeNull()
    expect(plan(many(2), listing({ begunAt: NOW + 4_799 })).join).toMatchObject({ count: 2, since: NOW - 200 })
  })

  it('that is to come waits until then', () => {
    const { join, waits } = plan(many(2), { ...STORM, nextListingAt: NOW + 1 })
    expect(join).toEqual({ count: 2, since: NOW - 200, nextListingAt: NOW + 1 })
    expect(waits.get('t0')).toEqual(deferred('listing', NOW + 1))
    expect(plan(many(2), { ...STORM, nextListingAt: NOW }).listed).toHaveLength(2)
  })

  it('is counted with the oldest of them, unless that is a quarter of an hour older than the listing', () => {
    const from = NOW + 5_000 - 15 * MINUTE
    const old = stale('old', { from })
    expect(plan([old, ...many(4)]).join).toEqual({ count: 4, since: NOW - 200, nextListingAt: NOW + 5_000 })
    expect(plan([stale('old', { from: from + 1 }), ...many(4)]).join).toMatchObject({ count: 5, since: from + 1 })
    const longAgo = plan(many(5, { from }))
    expect([longAgo.join, longAgo.waits.size]).toEqual([null, 5])
  })
})

describe('the end of a storm', () => {
  it('comes when no more than three tasks wait, of three changes each', () => {
    expect(plan(many(3), { ...STORM, waiting: 0 })).toMatchObject({ calm: true, singly: ['t0', 't1', 't2'] })
    expect(plan(many(3), { ...STORM, waiting: 1 })).toMatchObject({ calm: false, listed: ['t0', 't1', 't2'] })
    expect(plan(many(1), { ...STORM, waiting: 6 })).toMatchObject({ calm: true, singly: ['t0'] })
    expect(plan(many(1), { ...STORM, waiting: 7 })).toMatchObject({ calm: false, listed: ['t0'] })
  })

  it('does not come while a listing is to be gone on with', () => {
    const todo = [{ since: NOW - 60_000, until: NOW - 30_000, page: 3, archived: false }]
    expect(plan(many(1), { ...STORM, waiting: 0, todo })).toMatchObject({ calm: false, listed: ['t0'] })
  })

  it('leaves what is long ago aside: it is in no listing', () => {
    const old = stale('old', { from: NOW - 15 * MINUTE })
    const { listed, waits, listing } = plan([old, ...many(4)], STORM)
    expect([listed, listing?.since]).toEqual([['t0', 't1', 't2', 't3'], NOW - 10_000])
    expect([...waits]).toEqual([['old', deferred('listing', NOW + 15_000)]])
    expect(plan([old], STORM)).toMatchObject({ listed: [], listing: null, calm: false })
    expect(plan([stale('old', { from: NOW - 15 * MINUTE + 1 })], STORM).listed).toEqual(['old'])
    // What is long ago makes no storm either.
    expect(plan([old, stale('a')], { ...STORM, waiting: 0 })).toMatchObject({ calm: true, singly: ['old', 'a'] })
  })
})

describe('a task that listing after listing did not bring', () => {
  const listed = [NOW - 5_000, NOW - 8_000, NOW - 10_000].map((at) => ({ from: NOW - 30_000, at }))
  const old = (over: Partial<StaleTask>) => stale('a', { from: NOW - 20_000, to: NOW - 20_000, ...over })
  const singly = (over: Partial<StaleTask>) => plan([old(over), ...many(4)], { ...STORM, listed }).singly

  it('is one that each of them should have brought, and had the time to see', () => {
    expect(singly({ from: NOW - 30_000 })).toEqual(['a'])
    expect(singly({ from: NOW - 30_001 })).toEqual([])
    expect(singly({ to: NOW - 15_000 })).toEqual(['a'])
    expect(singly({ to: NOW - 14_999 })).toEqual([])
  })

  it('is read even if nothing else is to be done', () => {
    expect(plan([old({})], { ...STORM, listed })).toMatchObject({
      singly: ['a'],
      listing: null,
      join: null,
      calm: false,
    })
  })

  it('says nothing of the storm: it is of no listing', () => {
    expect(plan([old({})], { ...STORM, listed, waiting: 0 })).toMatchObject({ singly: ['a'], calm: false })
  })

  it('waits when there is no call for it, while the others are listed', () => {
    const passage: Passage = { kind: 'free', calls: 0, limit: 100 }
    const { waits, listed: ids } = plan([old({}), ...many(4)], { ...STORM, listed }, passage)
    expect([...waits]).toEqual([['a', deferred('rateLimited', NOW + 5_000)]])
    expect(ids).toHaveLength(4)
  })
})

describe('a listing', () => {
  const stretch = (over = {}) => ({ since: NOW - 60_000, until: NOW - 30_000, page: 3, archived: false, ...over })
  const listingOf = (desk: Partial<DeskView>, tasks = many(4)) => plan(tasks, { ...STORM, ...desk }).listing

  it('goes back to the oldest of what waits, of what is here, and of what was left', () => {
    expect(listingOf({ waitingSince: 0 })?.since).toBe(NOW - 200)
    expect(listingOf({ waitingSince: NOW - 100 })?.since).toBe(NOW - 200)
    expect(listingOf({ waitingSince: NOW - 300 })?.since).toBe(NOW - 300)
    const left = Array.from({ length: 9 }, (_, i) => stretch({ since: NOW - 60_000 - i }))
    expect(listingOf({ todo: left.slice(1), begunAt: NOW - 5_000 })).toMatchObject({ since: NOW - 10_000 })
    expect(listingOf({ todo: left, begunAt: NOW - 5_000 })).toMatchObject({ since: NOW - 60_008 })
  })

  it('goes on with eight stretches that were left, and begins anew instead of nine', () => {
    const left = Array.from({ length: 9 }, () => stretch())
    expect(listingOf({ todo: left.slice(1) })?.stretches).toHaveLength(10)
    expect(listingOf({ todo: left })?.stretches).toHaveLength(2)
  })

  it('that goes on begins where the unfinished one began, less the lag of reads', () => {
    const todo = [stretch()]
    expect(listingOf({ todo, begunAt: NOW - 2_000 })?.stretches[0]?.since).toBe(NOW - 7_000)
    expect(listingOf({ todo, begunAt: NOW - 20_000 })?.stretches[0]?.since).toBe(NOW - 10_000)
  })

  it('has no second stretch up to now where one was left that was not begun', () => {
    const open = stretch({ until: null, page: 0 })
    const { stretches } = listingOf({ todo: [open], begunAt: NOW - 2_000 }) ?? {}
    expect(stretches).toEqual([{ since: NOW - 7_000, until: null, page: 0, archived: true }, open])
    const archived = { ...open, archived: true }
    expect(listingOf({ todo: [archived], begunAt: NOW - 2_000 })?.stretches).toEqual([
      { since: NOW - 7_000, until: null, page: 0, archived: false },
      archived,
    ])
  })
})
