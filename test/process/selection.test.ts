import { afterAll, beforeAll, expect, it } from 'vitest'
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
