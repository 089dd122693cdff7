import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockedOutcome, deferred } from '../../core/process/defer.ts'
import { createDesk, type Desk } from '../../core/process/expansion/desk.ts'
import { listingMs, NOTHING_TO_READ, prepare } from '../../core/process/expansion/prepare.ts'
import { hear } from '../../core/process/hear.ts'
import type { Services } from '../../core/process/services.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Passage } from '../../core/upstream/passage.ts'
import { snapshot as makeSnapshot } from '../publish/events.ts'
import { READING } from '../support/consumer.ts'
import { delivery, type Item, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { setUpConsumer } from '../support/set-up.ts'

const NOW = 1_789_000_010_000
const SECOND = 1_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const ids = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`)

/** Workers of one connection that plan their reads at one desk, held back as when deployed. */
async function setUp(gate: Partial<Gate> = {}) {
  const worker = await setUpConsumer({
    ...{ embedded, now: NOW, reading: READING.deployed, gate: { ...openGate, ...gate } },
  })
  const desk = createDesk({ dynamo: embedded.dynamo, table: worker.tables.state, connection: 'main' })
  const told = (task: string, ...items: Item[]) => worker.message(delivery('taskUpdated', { task_id: task }, items))
  /** What these messages tell, as work whose reads are planned by a worker of its own. */
  async function planned(
    messages: ReturnType<typeof told>[],
    over: (services: Services) => Partial<Services> = () => ({}),
  ) {
    const services = worker.services()
    const { works, stored } = await hear(messages, services)
    const prepared = await prepare(works, stored, { ...services, ...over(services) })
    const outcomes = Object.fromEntries(works.map(({ change, outcome }) => [change.resource.id, outcome]))
    return { prepared, works, outcomes }
  }
  const changed = (tasks: string[], at = worker.clock.time - SECOND) =>
    tasks.map((id) => told(id, taskItem.status(`h${id}`, at)))
  return { ...worker, desk, told, changed, planned }
}

const withDesk =
  (over: Partial<Desk>) =>
  ({ desk }: Services) => ({ desk: { ...desk, ...over } })

describe('a worker that prepares a batch', () => {
  it('asks nobody where nothing has to be read', async () => {
    const { services } = await setUp()
    const look = () => Promise.reject(new Error('nobody is to be asked'))
    expect(await prepare([], new Map(), { ...services(), desk: { ...services().desk, look } })).toBe(NOTHING_TO_READ)
    expect(NOTHING_TO_READ).toEqual({ singly: new Set(), listing: null })
  })

  it('tells the others what it is about to read', async () => {
    const { planned, changed, desk } = await setUp()
    const { prepared, outcomes } = await planned(changed(['a', 'b']))
    expect(prepared).toEqual({ singly: new Set(['a', 'b']), listing: null })
    expect(outcomes).toEqual({ a: null, b: null })
    expect(await desk.look()).toMatchObject({ reads: { 'task#a': NOW, 'task#b': NOW }, stormSince: 0, waiting: 0 })
  })

  it('lets one of many read a task, and has the others wait for what they see of it', async () => {
    const { planned, changed } = await setUp()
    const all = await Promise.all(Array.from({ length: 3 }, () => planned(changed(['a']))))
    expect(all.filter(({ prepared }) => prepared.singly.has('a'))).toHaveLength(1)
    const others = all.filter(({ prepared }) => !prepared.singly.has('a'))
    expect(others.map(({ outcomes }) => outcomes['a'])).toEqual(Array(2).fill(deferred('debounce', NOW + 5 * SECOND)))
  })

  /** Two changes of a task, a moment ago and five seconds before, with the snapshot that is given. */
  async function withSnapshot(over: Partial<Snapshot> | null) {
    const { told, services } = await setUp()
    const messages = [told('a', taskItem.status('1', NOW - 100), taskItem.priority('2', NOW - 5_000))]
    const { works } = await hear(messages, services())
    const snapshot = over === null ? null : makeSnapshot({ id: 'a', ...over })
    const stored = new Map(snapshot === null ? [] : [['a', { snapshot, known: null, fault: null }]])
    const prepared = await prepare(works, stored, services())
    return { singly: [...prepared.singly], outcomes: works.map(({ outcome }) => outcome) }
  }

  it('reads what was never read, or not late enough, and nothing else', async () => {
    const open = { outcomes: [null, null] }
    expect(await withSnapshot(null)).toEqual({ singly: ['a'], ...open })
    expect(await withSnapshot({ updatedAt: NOW - 60_000, observedAt: NOW - 9_000 })).toEqual({ singly: ['a'], ...open })
    expect(await withSnapshot({ updatedAt: NOW - 100, observedAt: NOW - 9_000 })).toEqual({ singly: [], ...open })
  })

  it('puts off a task of which nothing is stored like any other', async () => {
    const shut: Passage = { kind: 'blocked', why: 'spent', until: NOW + 9_000, since: NOW }
    const { told, services } = await setUp({ look: async () => shut })
    const { works } = await hear([told('a', taskItem.status('1', NOW))], services())
    await prepare(works, new Map(), services())
    expect(works.map(({ outcome }) => outcome)).toEqual([blockedOutcome(shut, NOW)])
  })

  it('puts off what a read a moment ago does not cover, and not what it does', async () => {
    expect(await withSnapshot({ updatedAt: NOW - 5_000, observedAt: NOW - 2_000 })).toEqual({
      ...{ singly: [], outcomes: [deferred('debounce', NOW + 3 * SECOND), null] },
    })
  })

  it('puts off every change of a task that waits', async () => {
    const { planned, changed, told } = await setUp()
    await planned(changed(['a']))
    const { works, prepared } = await planned([told('a', taskItem.status('1', NOW), taskItem.priority('2', NOW))])
    expect(works.map(({ outcome }) => outcome)).toEqual(Array(2).fill(deferred('debounce', NOW + 5 * SECOND)))
    expect(prepared.singly.size).toBe(0)
  })

  it('comes back in a moment when others are quicker four times', async () => {
    const { planned, changed } = await setUp()
    let looks = 0
    const { outcomes, prepared } = await planned(changed(['a', 'b']), ({ desk }) => ({
      desk: {
        ...desk,
        begin: async () => false,
        look: () => {
          looks += 1
          return desk.look()
        },
      },
    }))
    expect(outcomes).toEqual({ a: deferred('busy', NOW + SECOND), b: deferred('busy', NOW + SECOND) })
    expect([looks, prepared]).toEqual([4, NOTHING_TO_READ])
  })
})

describe('calls for what is planned', () => {
  it('are reserved with some ahead, and what there is none for waits a second', async () => {
    const asked: number[][] = []
    const { planned, changed } = await setUp({
      reserve: async (_lane, calls, _credential, ahead = 0) => {
        asked.push([calls, ahead])
        return { kind: 'free', calls: 1, limit: 100 }
      },
    })
    const { prepared, outcomes } = await planned(changed(['a', 'b']))
    expect(asked).toEqual([[2, 3]])
    expect(prepared.singly).toEqual(new Set(['a']))
    expect(outcomes).toEqual({ a: null, b: deferred('rateLimited', NOW + SECOND) })
  })

  it('that are refused meanwhile have all of it wait', async () => {
    const down: Passage = { kind: 'blocked', why: 'down', until: NOW + 9_000, since: NOW }
    const { planned, changed } = await setUp({ reserve: async () => down })
    const { prepared, outcomes } = await planned(changed(['a', 'b']))
    expect(prepared.singly.size).toBe(0)
    expect(outcomes).toEqual({ a: blockedOutcome(down, NOW), b: blockedOutcome(down, NOW) })
  })

  it('are not asked for where nothing is read singly', async () => {
    const reserve = () => Promise.reject(new Error('nobody is to be asked'))
    const { planned, changed } = await setUp({ reserve })
    expect((await planned(changed(ids(11)))).outcomes['t0']).toMatchObject({ reason: 'listing' })
  })

  it.each([
    ['tokenDead', 1],
    ['down', undefined],
    ['spent', undefined],
  ] as const)('are not to be had while the way is shut: %s', async (why, count) => {
    const shut: Passage = { kind: 'blocked', why, until: NOW + 9_000, since: NOW }
    const { planned, changed, counts } = await setUp({ look: async () => shut })
    expect((await planned(changed(['a']))).outcomes).toEqual({ a: blockedOutcome(shut, NOW) })
    expect(counts['TokenDead']).toBe(count)
  })
})

it('a dead token is counted once a batch, also when it is found out only after another worker was quicker', async () => {
  const passages: Passage[] = [{ kind: 'free', calls: 95, limit: 100 }]
  const dead: Passage = { kind: 'blocked', why: 'tokenDead', until: NOW + 9_000, since: NOW }
  const { planned, changed, counts } = await setUp({ look: async () => passages.shift() ?? dead })
  const { outcomes } = await planned(changed(['a', 'b']), withDesk({ begin: async () => false }))
  expect(outcomes['a']).toEqual(blockedOutcome(dead, NOW))
  expect(counts['TokenDead']).toBe(1)
})

describe('a storm', () => {
  it('begins at the desk with what waits, from the oldest change on', async () => {
    const { planned, changed, told, desk } = await setUp()
    // Two changes of one task, in either order: the older one counts.
    const twice = (id: string, first: number, second: number) =>
      told(id, taskItem.status(`${id}1`, first), taskItem.priority(`${id}2`, second))
    await planned([...changed(ids(8)), twice('x', NOW - 7_000, NOW - 100), twice('y', NOW - 100, NOW - 8_000)])
    expect(await desk.look()).toMatchObject({
      ...{ stormSince: NOW, waiting: 10, waitingSince: NOW - 8_000, nextListingAt: NOW + 5 * SECOND, reads: {} },
    })
  })

  it('does not count a time from the future', async () => {
    const { planned, changed, desk } = await setUp()
    await planned(changed(ids(11), NOW + 60_000))
    expect(await desk.look()).toMatchObject({ waitingSince: NOW })
  })

  it('is listed by one worker, which says how long it may take', async () => {
    const { planned, changed, desk, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 10 * SECOND
    const now = clock.time
    const before = await desk.look()
    const [one, other] = await Promise.all([planned(changed(ids(4))), planned(changed(ids(4)))])
    const [lister, waiter] = one.prepared.listing === null ? [other, one] : [one, other]
    expect(lister.prepared).toEqual({
      singly: new Set(),
      listing: {
        ...{ record: { workspaceId: '9001', userId: '7' }, desk: before, begunAt: now, until: now + 50 * SECOND },
        ...{ ids: new Set(ids(4)), since: NOW - SECOND, expected: 15 },
        stretches: [false, true].map((archived) => ({ since: NOW - SECOND, until: null, page: 0, archived })),
      },
    })
    expect(lister.outcomes).toEqual({ t0: null, t1: null, t2: null, t3: null })
    expect(await desk.look()).toMatchObject({
      ...{ listingUntil: now + 60 * SECOND, listingEnds: now + listingMs(15), begunAt: now, waiting: 4 },
    })
    // 15 changes are 5 tasks, on the third page of two at least, of two seconds each.
    expect(listingMs(15)).toBe(4_100)
    expect(waiter.prepared).toEqual({ singly: new Set(), listing: null })
    expect(waiter.outcomes['t0']).toEqual(deferred('listing', now + 4_100))
  })

  it('is listed for no longer than the invocation lasts', async () => {
    const { planned, changed, desk, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 10 * SECOND
    await planned(changed(ids(4)), () => ({ endsAt: clock.time + 20 * SECOND }))
    expect(await desk.look()).toMatchObject({ listingUntil: clock.time + 20 * SECOND })
  })

  const left = { since: NOW - 60_000, until: NOW - 30_000, page: 3, archived: false }

  it('goes on with a listing that broke off, from when that one had begun', async () => {
    const { planned, changed, desk, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 10 * SECOND
    const taken = { now: clock.time, since: NOW - SECOND, listingUntil: clock.time + SECOND, listingEnds: 0 }
    expect(await desk.take({ ...taken, begunAt: NOW + 7 })).toBe(true)
    await desk.end({ nextListingAt: clock.time, todo: [left], listed: [], reverse: false })
    const { prepared } = await planned(changed(ids(4)))
    expect(prepared.listing).toMatchObject({
      begunAt: NOW + 7,
      stretches: [{ archived: false }, { archived: true }, left],
    })
    expect(await desk.look()).toMatchObject({ begunAt: NOW + 7 })
  })

  it('has what a listing may have missed counted for the next one, by the newest change of a task', async () => {
    const { planned, changed, desk, clock, told } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 30 * SECOND
    await planned(changed(ids(4), clock.time - 20 * SECOND))
    const begun = await desk.look()
    expect(begun).toMatchObject({ begunAt: clock.time, waiting: 0 })
    await planned([told('old', taskItem.status('1', clock.time - 20 * SECOND))])
    expect((await desk.look()).waiting).toBe(0)
    for (const [id, at] of [
      ['x', [-20, 0]],
      ['y', [0, -20]],
    ] as const) {
      const [first, second] = at.map((seconds) => clock.time + seconds * SECOND)
      await planned([told(id, taskItem.status(`${id}1`, first ?? 0), taskItem.priority(`${id}2`, second ?? 0))])
    }
    expect((await desk.look()).waiting).toBe(2)
  })

  it('is planned anew when another worker has taken the listing', async () => {
    const { planned, changed, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 10 * SECOND
    const { prepared, outcomes } = await planned(changed(ids(4)), withDesk({ take: async () => false }))
    expect(prepared).toEqual(NOTHING_TO_READ)
    expect(outcomes['t0']).toEqual(deferred('busy', clock.time + SECOND))
  })

  it('does not lose its listing for what another worker reads singly beside it', async () => {
    const { planned, changed, clock, desk } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 40 * SECOND
    const listed = [1, 2, 3].map((seconds) => ({ from: NOW - 60_000, at: clock.time - seconds * SECOND }))
    await desk.end({ nextListingAt: clock.time - SECOND, todo: [], listed, reverse: false })
    const messages = [...changed(['old'], NOW), ...changed(ids(4))]
    const { prepared } = await planned(messages, withDesk({ begin: async () => false }))
    expect(prepared).toMatchObject({ singly: new Set(['old']), listing: { ids: new Set(ids(4)) } })
  })

  it('is over when little waits, and the desk knows', async () => {
    const { planned, changed, desk, clock } = await setUp()
    await planned(changed(ids(4)))
    clock.time += 10 * SECOND
    const { prepared } = await planned(changed(['t0']))
    expect(prepared).toEqual({ singly: new Set(['t0']), listing: null })
    expect(await desk.look()).toMatchObject({ stormSince: 0, waiting: 0 })
  })

  it('is none for whoever does not know which workspace to list: all is read singly', async () => {
    const { planned, changed, desk, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += 10 * SECOND
    const { prepared } = await planned(changed(ids(20)), () => ({ record: async () => null }))
    expect(prepared).toEqual({ singly: new Set(ids(20)), listing: null })
    expect(await desk.look()).toMatchObject({ listingUntil: 0 })
  })

  it('leaves a comment without its task, where nothing else of that task is to be told', async () => {
    const { planned, changed, told, clock } = await setUp()
    await planned(changed(ids(11)))
    clock.time += SECOND
    const comment = taskItem.comment('1', clock.time)
    const { outcomes } = await planned([told('a', comment), told('b', comment, taskItem.status('2', clock.time))])
    expect(outcomes['a']).toBeNull()
    expect(outcomes['b']).toMatchObject({ reason: 'listing' })
    const { outcomes: other } = await planned([told('b', taskItem.status('2', clock.time), comment)])
    expect(other['b']).toMatchObject({ reason: 'listing' })
  })
})
