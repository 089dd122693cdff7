import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { publishedBetween } from '../../core/ledger/published.ts'
import { createPace, type Pace } from '../../core/platform/pace.ts'
import { timePart } from '../../core/platform/tables.ts'
import { type ChangeEvent, changeEventSchema } from '../../core/publish/event.ts'
import type { ReplaySelection } from '../../core/replay/recorded.ts'
import { type Replayed, type ReplayServices, replay } from '../../core/replay/replay.ts'
import { newRunId, runIdSchema } from '../../core/replay/run-id.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { startDynamo } from '../support/dynamo.ts'

const DAY = 86_400_000
/** Noon, UTC. */
const T = Date.parse('2026-09-10T12:00:00Z')
const NOW = T + 5 * DAY

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

let made = 0
/** A change of a task's status, published when it happened. */
function aChange(at: number, over: Partial<Change> = {}): Change {
  made += 1
  return {
    ...{ id: (made * 7919).toString(16).padStart(8, '0').repeat(8), connection: 'main', field: 'status' },
    ...{
      resource: { kind: 'task', id: 'abc' },
      customField: null,
      before: null,
      after: { name: 'done', type: 'done' },
    },
    ...{ at, atEarliest: at, order: timePart(at), actor: { id: '7', name: 'Ada' }, origin: 'webhook' },
    ...{ receivedAt: at, listId: '901' },
    ...over,
  }
}

const fast: Pace = { most: 10, ready: async () => undefined, took: () => undefined }

/** A ledger with changes in it, and a bus that keeps what it gets. */
async function setUp(changes: readonly Change[], over: Partial<ReplayServices> = {}) {
  const tables = await embedded.tables()
  const { dynamo } = embedded
  const clock = { now: () => NOW }
  const ledger = createLedger({ dynamo, table: tables.ledger, clock, owner: 'a', leaseMs: 90_000, keepDays: 400 })
  for (const change of changes) {
    await ledger.claim(change)
    await ledger.complete(change, change.at)
  }
  const tasks = createTaskStore({ dynamo, table: tables.tasks })
  const published: ChangeEvent[] = []
  const slept: number[] = []
  const services: ReplayServices = {
    ...{ clock, pace: fast, tasks, ledger: { dynamo, table: tables.ledger } },
    sleep: async (ms) => void slept.push(ms),
    record: async () => ({ workspaceId: '9001', userId: '7' }),
    isPaused: async () => false,
    publish: async (events) => {
      published.push(...events)
      return events.map(() => null)
    },
    ...over,
  }
  const told: Replayed[] = []
  const run = (selection: Partial<ReplaySelection> = {}, id = 'run-1') =>
    replay({ since: T, until: NOW, connections: ['main'], ...selection }, id, services, (done) => told.push(done))
  const ledgerItems = () => embedded.all(tables.ledger)
  return { run, published, slept, told, tables, tasks, services, ledgerItems }
}

describe('a replay', () => {
  it('publishes each change of the period again, in the order of time, under its own id', async () => {
    const changes = [T + 2 * DAY, T + 1, T, T + DAY].map((at) => aChange(at, { order: timePart(at) }))
    const outside = [aChange(T - 1), aChange(NOW)]
    const { run, published } = await setUp([...changes, ...outside])
    expect(await run()).toEqual({ kind: 'done' })
    const byTime = changes.toSorted((a, b) => a.at - b.at)
    expect(published.map(({ changeId }) => changeId)).toEqual(byTime.map(({ id }) => id))
  })

  it('says of each event that it is a replay, in which run, and where it first came from', async () => {
    const { run, published } = await setUp([aChange(T, { origin: 'sweep', actor: null }), aChange(T + 1)])
    await run()
    expect(published.map((event) => changeEventSchema.parse(event))).toEqual(published)
    expect(published.map(({ origin, replay: of }) => ({ origin, of }))).toEqual([
      { origin: 'replay', of: { run: 'run-1', origin: 'sweep' } },
      { origin: 'replay', of: { run: 'run-1', origin: 'webhook' } },
    ])
    expect(published.map(({ publishedAt, receivedAt, degraded }) => ({ publishedAt, receivedAt, degraded }))).toEqual([
      { publishedAt: NOW, receivedAt: T, degraded: false },
      { publishedAt: NOW, receivedAt: T + 1, degraded: false },
    ])
    expect(published.map(({ actor }) => actor?.isSelf)).toEqual([undefined, true])
  })

  it('carries the task as it stands now, or none where it was never read', async () => {
    const never = { resource: { kind: 'task', id: 'never' } }
    const { run, published, tasks } = await setUp([aChange(T), aChange(T + 1, never)])
    const fields = { name: 'As it is now' }
    await tasks.record('main', { kind: 'seen', id: 'abc', archived: false, fields, observedAt: NOW - 5 }, null)
    await run()
    expect(published[0]?.task).toMatchObject({ name: 'As it is now', asOf: NOW - 5 })
    expect(published[1]?.task).toBeNull()
  })

  it('leaves the ledger as it is, however often it is done', async () => {
    const { run, published, ledgerItems } = await setUp([aChange(T), aChange(T + 1)])
    const before = await ledgerItems()
    await run()
    await run()
    expect(await ledgerItems()).toEqual(before)
    expect(new Set(published.map(({ changeId }) => changeId)).size).toBe(2)
    expect(published).toHaveLength(4)
  })

  it('takes one task, one field, one connection', async () => {
    const other = { resource: { kind: 'task', id: 'other' } }
    const changes = [
      aChange(T),
      aChange(T + 1, { field: 'priority' }),
      aChange(T + 2, other),
      aChange(T + 3, { connection: 'sales' }),
      aChange(T + 4, { resource: { kind: 'list', id: 'abc' } }),
    ]
    const { run, published } = await setUp(changes)
    const ids = (...which: number[]) => which.map((i) => changes[i]?.id)
    const of = async (selection: Partial<ReplaySelection>) => {
      published.length = 0
      await run(selection)
      return published.map(({ changeId }) => changeId)
    }
    expect(await of({ task: 'abc' })).toEqual(ids(0, 1))
    expect(await of({ field: 'priority' })).toEqual(ids(1))
    expect(await of({ task: 'abc', field: 'status', connections: ['main', 'sales'] })).toEqual(ids(0, 3))
    expect(await of({ connections: ['sales'] })).toEqual(ids(3))
    expect(await of({ task: 'abc', since: T + 1 })).toEqual(ids(1))
  })

  it('goes on where it stopped: together the two runs have published everything', async () => {
    const changes = Array.from({ length: 25 }, (_, i) => aChange(T + i * 1_000))
    const { run, published, told, services } = await setUp(changes)
    const { publish } = services
    services.publish = async (events) =>
      published.length >= 10 ? events.map(() => 'ThrottlingException') : publish(events)
    expect(await run()).toEqual({ kind: 'stopped', reason: 'ThrottlingException' })
    const next = told.at(-1)?.next ?? 0
    expect(next).toBe(T + 9_000)
    services.publish = publish
    expect(await run({ since: next })).toEqual({ kind: 'done' })
    expect(new Set(published.map(({ changeId }) => changeId))).toEqual(new Set(changes.map(({ id }) => id)))
    expect(published).toHaveLength(26)
  })
})

describe('what the bus refuses', () => {
  it('for lack of room is tried again, and only that', async () => {
    const changes = [aChange(T), aChange(T + 1)]
    const tries: number[] = []
    const { run, slept } = await setUp(changes, {
      publish: async (events) => {
        tries.push(events.length)
        return events.map((_, i) => (tries.length === 1 && i === 1 ? 'InternalFailure' : null))
      },
    })
    expect(await run()).toEqual({ kind: 'done' })
    expect({ tries, slept }).toEqual({ tries: [2, 1], slept: [1_000] })
  })

  it('for its form is counted and does not stop the others', async () => {
    const { run, told } = await setUp([aChange(T), aChange(T + 1)], {
      publish: async (events) => events.map((_, i) => (i === 0 ? 'MalformedDetail' : null)),
    })
    expect(await run()).toEqual({ kind: 'done' })
    expect(told.at(-1)).toEqual({ published: 1, refused: 1, unreadable: 0, next: NOW })
  })
})

it('keeps to its rate', async () => {
  let now = NOW
  const slept: number[] = []
  const sleep = async (ms: number) => {
    slept.push(ms)
    now += ms
  }
  const pace = createPace({ perMinute: 60, clock: { now: () => now }, sleep })
  const { run } = await setUp(
    Array.from({ length: 25 }, (_, i) => aChange(T + i)),
    { pace },
  )
  await run()
  expect(slept).toEqual([10_000, 10_000])
})

it('an id of a run says when it began, and is one that is taken', () => {
  expect(newRunId(T, () => 0.5)).toBe('20260910-120000-i000')
  for (const random of [0, 0.999999]) expect(runIdSchema.safeParse(newRunId(T, () => random)).success).toBe(true)
  for (const bad of ['', ' ', 'a b', '-x', 'x'.repeat(65)]) expect(runIdSchema.safeParse(bad).success).toBe(false)
})

describe('what was published in a period', () => {
  it('comes whole and in order across pages, shards and days', async () => {
    const changes = Array.from({ length: 230 }, (_, i) => aChange(T + i * 1_200_000))
    const { services } = await setUp(changes.toReversed())
    const pages: string[][] = []
    for await (const page of publishedBetween(services.ledger, { since: T, until: T + 10 * DAY }))
      pages.push(page.changes.map(({ id }) => id))
    expect(pages.flat()).toEqual(changes.map(({ id }) => id))
    expect(pages.length).toBeGreaterThan(2)
  })
})
