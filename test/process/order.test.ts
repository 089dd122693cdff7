import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import { consumer, LEASE_MS } from '../support/consumer.ts'
import { delivery, type Item, taskItem, twins } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

const SEED = Number(process.env['SEED'] ?? 20261120)
const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** What ClickUp answers by the time the deliveries are worked off; `gone` was deleted by then. */
const ANSWERS = new Map<string, unknown>([
  ['/task/abc', taskAnswer('abc', { date_updated: String(T + 900) })],
  ['/task/def', taskAnswer('def', { date_updated: String(T + 300), assignees: [] })],
  ['/list/901', { id: '901', name: 'Roadmap', archived: false, folder: { id: '801' }, space: { id: '701' } }],
  ['/folder/801', { id: '801', name: 'Product', hidden: false, space: { id: '701' } }],
  ['/space/701', { id: '701', name: 'Team', private: false, statuses: [] }],
])

const DELIVERIES: Item[] = [
  ...twins('taskStatusUpdated', 'abc', taskItem.status('1', T, 'review')),
  ...twins('taskStatusUpdated', 'abc', taskItem.status('2', T + 900)),
  ...twins('taskAssigneeUpdated', 'abc', taskItem.assignee('3', T + 200)),
  ...twins('taskCommentPosted', 'abc', taskItem.comment('4', T + 300)),
  delivery('taskCommentUpdated', { task_id: 'abc' }, [taskItem.comment('4', T + 300, 'Looks very good')]),
  ...twins('taskTimeTrackedUpdated', 'abc', taskItem.time('5', T + 400)),
  ...twins('taskAssigneeUpdated', 'def', taskItem.assignee('6', T + 100)),
  ...twins('taskAssigneeUpdated', 'def', taskItem.unassign('7', T + 300)),
  ...twins('taskPriorityUpdated', 'gone', taskItem.priority('8', T + 100)),
  delivery('taskDeleted', { task_id: 'gone' }, []),
  delivery('listCreated', { list_id: '901' }),
  delivery('spaceUpdated', { space_id: '701' }),
  delivery('spaceCreated', { space_id: '701' }),
  delivery('folderUpdated', { folder_id: '801' }),
  delivery('whiteboardUpdated', { whiteboard_id: 'wb-1' }),
]

/** Which worker had it, and when, is not what a change is. */
const PASSING = new Set([
  'day',
  'daySk',
  'receivedAt',
  'publishedAt',
  'expiresAt',
  'observedAt',
  'version',
  'leaseUntil',
  'owner',
])
const lasting = (rows: Record<string, unknown>[]) =>
  rows.map((row) => JSON.stringify(row, (key, value: unknown) => (PASSING.has(key) ? undefined : sorted(value)))).sort()
const sorted = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

type Run = {
  bodies: readonly Item[]
  batchSizes: readonly number[]
  /** How many workers have a batch at the same moment. */
  workers: number
  crash?: { round: number; step: string } | undefined
}

/** Works messages off as several workers on one queue would; what is put off or fails comes again later. */
async function run({ bodies, batchSizes, workers, crash }: Run) {
  const tables = await embedded.tables()
  const { fetch } = upstream(ANSWERS, { now: () => T + 5_000 })
  const worker = consumer({ dynamo: embedded.dynamo, tables, fetch, now: T + 10_000 })
  let queue: DeliveryMessage[] = bodies.map((body) => worker.message(body, T + 1_000))
  for (let round = 0; queue.length > 0; round += 1) {
    if (round > 200) throw new Error(`the queue does not get empty: ${JSON.stringify(worker.lines.slice(-8))}`)
    const batches = Array.from({ length: workers }, (_, i) => {
      const batch = queue.slice(0, batchSizes[(round + i) % batchSizes.length] ?? 10)
      queue = queue.slice(batch.length)
      return batch
    })
    await Promise.all(
      batches.map(async (batch, i) => {
        const dispositions = await worker.process(batch, i === 0 && crash?.round === round ? crashing(crash.step) : {})
        queue.push(...batch.filter((_, n) => dispositions[n] === 'retry'))
      }),
    )
    queue.push(...worker.sentAgain.splice(0).map(({ message }) => message))
    worker.clock.time += LEASE_MS + 1
  }
  return {
    ledger: lasting(await embedded.all(tables.ledger)),
    tasks: lasting(await embedded.all(tables.tasks)),
    // Who has read what, and what waited, is no fact of ClickUp's.
    state: lasting((await embedded.all(tables.state)).filter(({ pk }) => !OWN_AFFAIRS.includes(String(pk)))),
    published: new Set(worker.published.map(({ changeId }) => changeId)),
    quarantined: worker.quarantined.length,
  }
}

const OWN_AFFAIRS = ['main#desk', 'main#intake']

/** A bus that takes events and dies before it answers, once. */
const crashing = (step: string) =>
  step === 'publish'
    ? {
        publish: async () => {
          throw new Error('the connection was cut')
        },
      }
    : {
        worklog: {
          load: async () => null,
          record: async () => {
            throw new Error('the connection was cut')
          },
        },
      }

describe('the order of deliveries', () => {
  it('does not matter, nor do duplicates, batches or a failure on the way', async () => {
    const reference = await run({ bodies: DELIVERIES, batchSizes: [10], workers: 1 })
    expect(reference.quarantined).toBe(0)
    expect(reference.ledger).toHaveLength(13)
    expect(reference.published.size).toBe(13)
    const arbitrary = fc.record({
      bodies: fc
        .shuffledSubarray(
          DELIVERIES.flatMap((body, i) => [
            { body, i },
            { body, i },
          ]),
          { minLength: DELIVERIES.length, maxLength: DELIVERIES.length * 2 },
        )
        // Every delivery once at least: the second copies are what is drawn.
        .map((drawn) => [
          ...drawn,
          ...DELIVERIES.map((body, i) => ({ body, i })).filter(({ i }) => !drawn.some((each) => each.i === i)),
        ])
        .map((drawn) => drawn.map(({ body }) => body)),
      batchSizes: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 }),
      workers: fc.integer({ min: 1, max: 3 }),
      crash: fc.option(
        fc.record({ round: fc.integer({ min: 0, max: 3 }), step: fc.constantFrom('publish', 'worklog') }),
        {
          nil: undefined,
        },
      ),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async (drawn) => {
        expect(await run(drawn)).toEqual(reference)
      }),
      { seed: SEED, numRuns: 25 },
    )
  })
})
