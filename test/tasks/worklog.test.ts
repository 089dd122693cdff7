import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resourceKey } from '../../core/platform/tables.ts'
import { revisionOf, seenAs, type TimeEntry } from '../../core/tasks/time-entry.ts'
import { mergeEntries } from '../../core/tasks/time-entry-merge.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { startDynamo } from '../support/dynamo.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const T = Date.UTC(2026, 5, 3, 9)
const HOUR = 3_600_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp() {
  const { tasks } = await embedded.tables()
  const store = createWorklogStore({ dynamo: embedded.dynamo, table: tasks })
  const items = async () => (await embedded.all(tasks)).filter(({ sk }) => String(sk).startsWith('time#'))
  return { store, items, table: tasks }
}

const entry = (over: Partial<TimeEntry> = {}): TimeEntry => ({
  entryId: '100',
  taskId: 'abc',
  userId: '7',
  startAt: T,
  endAt: T + HOUR,
  durationMs: HOUR,
  running: false,
  deleted: false,
  changedAt: T + HOUR,
  revision: revisionOf(T + HOUR, { deleted: false, by: 'x' }),
  seen: seenAs(['100'], 'workspace'),
  ...over,
})

/** Any telling of one entry: by a delivery that knows little, or a listing that knows all; here, there, or without a task. */
const telling = fc
  .record({
    at: fc.integer({ min: 0, max: 5 }),
    by: fc.constantFrom('a', 'b'),
    taskId: fc.constantFrom('abc', 'def', null),
    userId: fc.constantFrom('7', '8', null),
    hours: fc.integer({ min: 1, max: 3 }),
    deleted: fc.boolean(),
    ids: fc.constantFrom(['100'], ['100', '101'], ['101']),
    source: fc.constantFrom('webhook' as const, 'workspace' as const, 'task' as const),
    details: fc.option(fc.record({ description: fc.constantFrom('', 'x', 'y'), tags: fc.subarray(['t', 'u']) }), {
      nil: undefined,
    }),
  })
  .map(({ at, by, hours, deleted, ids, source, details, ...rest }) =>
    entry({
      ...rest,
      ...details,
      entryId: ids[0] ?? '',
      endAt: T + hours * HOUR,
      durationMs: hours * HOUR,
      deleted,
      changedAt: T + at,
      revision: revisionOf(T + at, { deleted, by }),
      seen: seenAs(ids, source),
    }),
  )

describe('what tellings of a time entry say together', () => {
  it('does not depend on their order, nor on how they are grouped or repeated', () => {
    fc.assert(
      fc.property(telling, telling, telling, (a, b, c) => {
        const whole = mergeEntries(mergeEntries(a, b), c)
        expect(mergeEntries(mergeEntries(c, a), b)).toEqual(whole)
        expect(mergeEntries(a, mergeEntries(b, c))).toEqual(whole)
        expect(mergeEntries(whole, b)).toEqual(whole)
      }),
      { seed: SEED, numRuns: 2_000 },
    )
  })

  it('is the newest of the facts, with what it does not carry from the others', () => {
    const listed = entry({ description: 'Review', billable: true, userName: 'Ann' })
    const edited = entry({
      endAt: T + 2 * HOUR,
      durationMs: 2 * HOUR,
      userId: '9',
      revision: revisionOf(T + 9 * HOUR, { deleted: false, by: 'change' }),
      seen: seenAs(['100'], 'webhook'),
    })
    expect(mergeEntries(listed, edited)).toMatchObject({
      durationMs: 2 * HOUR,
      description: 'Review',
      billable: true,
      // Who wrote it down is not whose it is.
      userId: '7',
      userName: 'Ann',
      seen: [
        { id: '100', source: 'workspace' },
        { id: '100', source: 'webhook' },
      ],
    })
  })
})

describe('the worklog', () => {
  it('ends the same and holds one item, whatever the order and however many write at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(telling, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        async (drawn, n) => {
          // All of them are tellings of one entry.
          const all = [...drawn, entry({ entryId: '100', seen: seenAs(['100', '101'], 'webhook') })]
          const { store, items } = await setUp()
          for (let i = 0; i < all.length; i += n) {
            await Promise.all(all.slice(i, i + n).map((one) => store.record('main', one)))
          }
          const expected = all.map((one) => mergeEntries(one, one)).reduce(mergeEntries)
          expect(await store.load('main', '100')).toEqual(expected)
          expect(await store.load('main', '101')).toEqual(expected)
          expect((await items()).map(({ pk, sk }) => [pk, sk])).toEqual([
            [
              expected.taskId === null
                ? resourceKey('main', 'user', expected.userId ?? 'unknown')
                : resourceKey('main', 'task', expected.taskId),
              `time#${expected.entryId}`,
            ],
          ])
        },
      ),
      { seed: SEED, numRuns: 40 },
    )
  })

  it('leaves no copy where an entry was before it moved to another task', async () => {
    const { store } = await setUp()
    await store.record('main', entry())
    await store.record(
      'main',
      entry({ taskId: 'def', revision: revisionOf(T + 2 * HOUR, { deleted: false, by: 'y' }) }),
    )
    expect(await store.ofTask('main', 'abc')).toEqual([])
    expect(await store.ofTask('main', 'def')).toMatchObject([{ entryId: '100' }])
  })

  it('finishes a move that was cut off, when it is told again', async () => {
    const { store, items, table } = await setUp()
    await store.record('main', entry())
    const moved = entry({ taskId: 'def', revision: revisionOf(T + 2 * HOUR, { deleted: false, by: 'y' }) })
    // The function dies when it comes to take away what was there before.
    const dying = new Proxy(embedded.dynamo, {
      get: (target, key) =>
        key === 'send'
          ? (command: Parameters<typeof target.send>[0]) => {
              if (command.constructor.name === 'DeleteCommand') throw new Error('the function was cut off')
              return target.send(command)
            }
          : Reflect.get(target, key),
    })
    await expect(createWorklogStore({ dynamo: dying, table }).record('main', moved)).rejects.toThrow('cut off')
    expect(await items()).toHaveLength(2)
    expect(await store.load('main', '100')).toMatchObject({ taskId: 'def' })
    await store.record('main', moved)
    expect(await items()).toMatchObject([{ taskId: 'def' }])
  })

  it('reads and goes on with entries as earlier versions wrote them', async () => {
    const { store, table } = await setUp()
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb')
    const old = {
      entryId: '100',
      taskId: 'abc',
      userId: '9',
      startAt: T,
      endAt: T + HOUR,
      durationMs: HOUR,
      deleted: false,
      changedAt: T,
      revision: `${T}#change`,
    }
    const key = { pk: resourceKey('main', 'task', 'abc'), sk: 'time#100' }
    await embedded.dynamo.send(new PutCommand({ TableName: table, Item: { ...key, ...old, schemaVersion: 1 } }))
    expect(await store.ofTask('main', 'abc')).toMatchObject([{ ...old, running: false, seen: [] }])
    await store.record('main', entry())
    expect(await store.ofTask('main', 'abc')).toMatchObject([{ userId: '7', revision: entry().revision }])
  })

  it('finds what began in a span, across days and connections', async () => {
    const { store } = await setUp()
    const day = 24 * HOUR
    const at = (id: string, startAt: number, over: Partial<TimeEntry> = {}) =>
      entry({ entryId: id, seen: seenAs([id], 'workspace'), startAt, endAt: startAt + HOUR, ...over })
    for (const [i, startAt] of [T - day, T - 1, T, T + day, T + 2 * day - 1, T + 2 * day].entries()) {
      await store.record('main', at(`10${i}`, startAt, i % 2 === 0 ? {} : { taskId: null }))
    }
    await store.record('other', at('200', T))
    await store.record('main', at('300', T, { startAt: null, endAt: null }))
    const found = await store.entriesFrom('main', { from: T, until: T + 2 * day })
    expect(found.map(({ entryId }) => entryId)).toEqual(['102', '103', '104'])
  })

  it('knows nothing of an entry that nobody told of', async () => {
    const { store } = await setUp()
    expect(await store.load('main', '1')).toBeNull()
  })
})
