import { afterAll, beforeAll, expect, it } from 'vitest'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { type FoundContext, packPiece } from '../../core/process/found/found.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { CONNECTION } from '../support/consumer.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const setUp = () =>
  setUpConsumer({
    embedded,
    now: T + 10_000,
    connection: { ...CONNECTION, filter: { spaces: ['702'] } },
    answers: Object.fromEntries(
      ['abc', 'def', 'ghi'].map((id) => [`/task/${id}`, taskAnswer(id, { date_updated: String(T) })]),
    ),
  })

const changed = (task: string, one = taskItem.status(task, T)) => delivery('taskUpdated', { task_id: task }, [one])

it('a change in a space that nobody wants is dropped once its task is read, and the next in its list without', async () => {
  const { process, message, published, calls, counts, tables } = await setUp()
  expect(await process([message(changed('abc'))])).toEqual(['done'])
  expect(await process([message(changed('def'))])).toEqual(['done'])
  expect([published, counts['ChangesDropped'], calls.length]).toEqual([[], 2, 1])
  // Nothing holds the change, should the selection be widened and the delivery be sent again.
  expect(await embedded.all(tables.ledger)).toEqual([])
})

it('that is forgotten after an hour', async () => {
  const { process, message, calls, clock } = await setUp()
  await process([message(changed('abc'))])
  clock.time += 3_600_001
  await process([message(changed('def'))])
  expect(calls).toHaveLength(2)
})

it('moves and deletions always pass', async () => {
  const { process, message, published } = await setUp()
  await process([message(changed('abc'))])
  await process([message(changed('def', taskItem.moved('1', T)))])
  await process([message(delivery('taskDeleted', { task_id: 'ghi' }, []))])
  expect(published.map(({ field }) => field)).toEqual(['section_moved', 'deletion'])
})

const found = (id: string, space: string, over: Partial<FoundContext> = {}, fields: Record<string, unknown> = {}) => {
  const answer = taskAnswerSchema.parse(taskAnswer(id, { date_updated: String(T), space: { id: space }, ...fields }))
  const seen = observationOf(answer, T + 10_000, false)
  if (seen.kind !== 'seen') throw new Error('It is not seen.')
  const context = { origin: 'sweep', since: T - 1, until: T + 5_000, publish: false, observedAt: T + 10_000 } as const
  const part = { job: 'sweep', run: 'one', number: 1, sentAt: 1 } as const
  const findings = { tasks: [{ id, archived: seen.archived, fields: seen.fields }] }
  return packPiece({ connection: 'main', receivedAt: T + 10_000 }, { ...context, ...over }, part, findings)
}

it('what a sweep has found of a task that has left what is wanted since waits for ever in no outbox', async () => {
  const { process, tables } = await setUp()
  const known = createKnownStore({ dynamo: embedded.dynamo, tasksTable: tables.tasks, stateTable: tables.state })
  const task = { kind: 'task', id: 'abc' }
  await process([found('abc', '702', { origin: 'backfill' })])
  const renamed = { name: 'Renamed', date_updated: String(T + 1) }
  await process([found('abc', '702', {}, renamed)], { publish: async (events) => events.map(() => 'InternalFailure') })
  expect((await known.load('main', task))?.outbox).toHaveLength(1)
  expect(
    await process([found('abc', '701', { observedAt: T + 20_000 }, { ...renamed, date_updated: String(T + 2) })]),
  ).toEqual(['done'])
  expect((await known.load('main', task))?.outbox).toEqual([])
})

it('a move out of what is wanted is told by a sweep, too, and nothing after it', async () => {
  const { process, published } = await setUp()
  await process([found('abc', '702', { origin: 'backfill' })])
  const moved = { list: { id: '999', name: 'Elsewhere' }, name: 'Renamed', date_updated: String(T + 1) }
  await process([found('abc', '701', { observedAt: T + 20_000 }, moved)])
  await process([
    found('abc', '701', { observedAt: T + 30_000 }, { ...moved, name: 'Again', date_updated: String(T + 2) }),
  ])
  expect(published.map(({ field }) => field)).toEqual(['section_moved'])
})
