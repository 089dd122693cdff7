import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PK, SK } from '../../core/platform/tables.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

// What docs/rollback.md says of a ledger that is as it was at an earlier moment.

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

it('a delivery that waited while the ledger was restored is published once more, with the same id', async () => {
  const answers = { '/task/abc': taskAnswer('abc', { date_updated: String(T) }) }
  const { process, message, published, tables } = await setUpConsumer({ embedded, now: T + 10_000, answers })
  const early = delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('1', T - 5_000)])
  const late = delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('2', T)])
  await process([message(early)])
  const before = await embedded.all(tables.ledger)
  await process([message(late)])
  const ids = published.map(({ changeId }) => changeId)
  expect(new Set(ids).size).toBe(2)

  // As it was before the second.
  const known = new Set(before.map((item) => item[SK]))
  for (const item of await embedded.all(tables.ledger)) {
    const Key = { [PK]: item[PK], [SK]: item[SK] }
    if (!known.has(item[SK])) await embedded.dynamo.send(new DeleteCommand({ TableName: tables.ledger, Key }))
  }
  expect(await embedded.all(tables.ledger)).toEqual(before)

  // The quarantine is redriven: one that the ledger knows is a duplicate, the other is not.
  expect(await process([message(early), message(late)])).toEqual(['done', 'done'])
  expect(published.map(({ changeId }) => changeId)).toEqual([...ids, ids[1]])
  expect(await embedded.all(tables.ledger)).toHaveLength(2)
})
