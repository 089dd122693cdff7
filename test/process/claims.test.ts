import { expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createMemoryDynamo } from '../../local/virtual/aws/dynamo/dynamo.ts'
import { TABLE_SCHEMAS, TABLES } from '../../local/virtual/aws/tables.ts'
import { consumer } from '../support/consumer.ts'
import { taskItem, twins } from '../support/deliveries.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

const T = 1_789_000_000_000

function setUp() {
  const memory = createMemoryDynamo(TABLE_SCHEMAS)
  const dynamo = memory.client({ time: { sleep: async () => undefined }, random: createRandom(1) })
  const answers = new Map([['/task/abc', taskAnswer('abc', { date_updated: String(T) })]])
  return { memory, ...consumer({ dynamo, tables: TABLES, fetch: upstream(answers).fetch, now: T + 10_000 }) }
}

test('twins that come apart cost one claim: the second is found to be done by a read', async () => {
  const { memory, process, message, published, counts } = setUp()
  const bodies = twins('taskStatusUpdated', 'abc', taskItem.status('1', T))
  for (const body of bodies) expect(await process([message(body)])).toEqual(['done'])
  expect(published).toHaveLength(1)
  expect(counts).toMatchObject({ ChangesPublished: 1, ChangesDuplicate: 1 })
  // The claim and the completion.
  expect(memory.counts(TABLES.ledger)).toMatchObject({ writes: 2, refused: 0 })
})

test('what a read does not show to be done yet is found by the claim', async () => {
  const { memory, process, services, message, published, counts } = setUp()
  const [one, other] = twins('taskStatusUpdated', 'abc', taskItem.status('1', T)).map((body) => message(body))
  if (one === undefined || other === undefined) throw new Error('twins are two')
  await process([one])
  const { ledger } = services()
  // As a table answers that has not told all of its copies.
  await process([other], { ledger: { ...ledger, doneAmong: async () => new Set() } })
  expect(published).toHaveLength(1)
  expect(counts).toMatchObject({ ChangesPublished: 1, ChangesDuplicate: 1 })
  expect(memory.counts(TABLES.ledger)).toMatchObject({ refused: 1 })
})
