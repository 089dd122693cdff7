import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createMemoryDynamo } from '../../local/virtual/aws/dynamo/dynamo.ts'
import { TABLE_SCHEMAS, TABLES } from '../../local/virtual/aws/tables.ts'
import { startDynamo, type Tables } from '../support/dynamo.ts'
import { conditionArbitrary, itemArbitrary, type Part, updateArbitrary } from './support/expressions.ts'

const SEED = 20_260_301
const RUNS = 400

let embedded: Awaited<ReturnType<typeof startDynamo>>
let names: Tables
beforeAll(async () => {
  embedded = await startDynamo()
  names = await embedded.tables()
})
afterAll(() => embedded.close())

const inNoTime = { sleep: async () => undefined }
function memory() {
  const tables = createMemoryDynamo(TABLE_SCHEMAS)
  return { tables, client: tables.client({ time: inNoTime, random: createRandom(1) }) }
}

/** What a call came to: refusals by their name, as the code under test tells them apart. */
async function outcome(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

type Side = { client: DynamoDBDocumentClient; tables: Tables }
const sides = (): Side[] => [
  { client: memory().client, tables: TABLES },
  { client: embedded.dynamo, tables: names },
]

const KEY = { pk: 'main#thing' }

const itemOf = async ({ client, tables }: Side) =>
  (await client.send(new GetCommand({ TableName: tables.state, Key: KEY, ConsistentRead: true }))).Item

/** Does the same on both sides, from the same item, and answers with what came of it. */
async function onBoth(start: Record<string, unknown> | null, act: (side: Side) => Promise<unknown>) {
  const results = []
  for (const side of sides()) {
    const TableName = side.tables.state
    if (start === null) await side.client.send(new DeleteCommand({ TableName, Key: KEY }))
    else await side.client.send(new PutCommand({ TableName, Item: { ...KEY, ...start } }))
    results.push({ outcome: await outcome(() => act(side)), item: await itemOf(side) })
  }
  return results
}

/** The names and values of several expressions, each left out where there are none. */
function givenBy(...parts: (Part | null)[]) {
  const names = Object.assign({}, ...parts.map((part) => part?.names))
  const values = Object.assign({}, ...parts.map((part) => part?.values))
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  }
}

const conditioned = (condition: Part | null) => (condition === null ? {} : { ConditionExpression: condition.text })

/** Counts how runs ended: where nearly all end alike, agreement means little. */
function tally() {
  const seen = new Map<unknown, number>()
  return {
    add: (what: unknown) => seen.set(what, (seen.get(what) ?? 0) + 1),
    expectEach(outcomes: string[], atLeast: number) {
      for (const each of outcomes) expect(seen.get(each), each).toBeGreaterThan(atLeast)
    },
  }
}

const start = fc.option(itemArbitrary, { freq: 8 })

test('a conditional update is taken or refused, and leaves the same item, as on dynalite', async () => {
  const seen = tally()
  await fc.assert(
    fc.asyncProperty(
      start,
      fc.option(conditionArbitrary, { freq: 2 }),
      updateArbitrary,
      async (item, condition, update) => {
        const [ours, theirs] = await onBoth(item, ({ client, tables }) =>
          client.send(
            new UpdateCommand({
              TableName: tables.state,
              Key: KEY,
              UpdateExpression: update.text,
              ...conditioned(condition),
              ...givenBy(update, condition),
            }),
          ),
        )
        expect(ours).toEqual(theirs)
        seen.add(ours?.outcome)
      },
    ),
    { seed: SEED, numRuns: RUNS },
  )
  seen.expectEach(['accepted', 'ConditionalCheckFailedException', 'ValidationException'], 30)
})

test('a condition holds for the same items as on dynalite', async () => {
  const seen = tally()
  await fc.assert(
    fc.asyncProperty(start, conditionArbitrary, fc.boolean(), async (item, condition, isPut) => {
      const [ours, theirs] = await onBoth(item, ({ client, tables }) => {
        const write = { TableName: tables.state, ...conditioned(condition), ...givenBy(condition) }
        return isPut
          ? client.send(new PutCommand({ ...write, Item: { ...KEY, put: true } }))
          : client.send(new DeleteCommand({ ...write, Key: KEY }))
      })
      expect(ours).toEqual(theirs)
      seen.add(ours?.outcome)
    }),
    { seed: SEED, numRuns: RUNS },
  )
  seen.expectEach(['accepted', 'ConditionalCheckFailedException'], 60)
})

const KEY_CONDITIONS = [
  { text: '#sk = :a', values: [':a'] },
  { text: '#sk >= :a', values: [':a'] },
  { text: '#sk < :a', values: [':a'] },
  { text: '#sk BETWEEN :a AND :b', values: [':a', ':b'] },
  { text: 'begins_with(#sk, :a)', values: [':a'] },
]

test('a query finds the same items in the same order as on dynalite', async () => {
  const sk = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '1') })
  const seen = tally()
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(sk, { maxLength: 8 }),
      fc.constantFrom(...KEY_CONDITIONS),
      fc.tuple(sk, sk),
      fc.boolean(),
      fc.boolean(),
      async (sks, condition, [a, b], forward, onIndex) => {
        const answers = []
        for (const { client, tables } of [
          { client: memory().client, tables: TABLES },
          { client: embedded.dynamo, tables: await embedded.tables() },
        ]) {
          for (const each of sks) {
            const item = { pk: 'p', sk: each, day: 'd', daySk: each, other: 1 }
            await client.send(new PutCommand({ TableName: tables.ledger, Item: item }))
          }
          await client.send(new PutCommand({ TableName: tables.ledger, Item: { pk: 'q', sk: 'a' } }))
          const query = new QueryCommand({
            TableName: tables.ledger,
            ...(onIndex ? { IndexName: 'byDay' } : {}),
            KeyConditionExpression: `#pk = :pk AND ${condition.text}`,
            ExpressionAttributeNames: onIndex ? { '#pk': 'day', '#sk': 'daySk' } : { '#pk': 'pk', '#sk': 'sk' },
            ExpressionAttributeValues: {
              ':pk': onIndex ? 'd' : 'p',
              ...(condition.values.includes(':a') ? { ':a': a } : {}),
              ...(condition.values.includes(':b') ? { ':b': b } : {}),
            },
            ScanIndexForward: forward,
          })
          let items: unknown
          const ended = await outcome(async () => {
            items = (await client.send(query)).Items
          })
          answers.push({ ended, items })
        }
        expect(answers[0]).toEqual(answers[1])
        seen.add(answers[0]?.ended)
      },
    ),
    { seed: SEED, numRuns: 60 },
  )
  seen.expectEach(['accepted'], 20)
})

test('batches read and write what they name, and refuse what is too much', async () => {
  for (const { client, tables } of sides()) {
    const keys = Array.from({ length: 101 }, (_, i) => ({ pk: `batch#${i}` }))
    const put = (count: number) =>
      client.send(
        new BatchWriteCommand({
          RequestItems: {
            [tables.state]: keys.slice(0, count).map((key) => ({ PutRequest: { Item: { ...key, n: 1 } } })),
          },
        }),
      )
    await put(25)
    expect(await outcome(() => put(26))).toBe('ValidationException')
    const get = (Keys: object[]) =>
      client.send(new BatchGetCommand({ RequestItems: { [tables.state]: { Keys: Keys.map((key) => ({ ...key })) } } }))
    const { Responses } = await get(keys.slice(20, 30))
    expect(Responses?.[tables.state]).toHaveLength(5)
    expect(await outcome(() => get(keys))).toBe('ValidationException')
    expect(await outcome(() => get([{ pk: 'x' }, { pk: 'x' }]))).toBe('ValidationException')
  }
})

test.each([
  ['an item at the limit', { text: 'x'.repeat(400 * 1024 - 4 - 2 - KEY.pk.length) }, 'accepted'],
  ['an item above it', { text: 'x'.repeat(400 * 1024 - 4 - 2 - KEY.pk.length + 1) }, 'ValidationException'],
  ['a key that is empty', { pk: '' }, 'ValidationException'],
  ['a number that no table keeps', { n: 1e130 }, 'ValidationException'],
])('%s is treated as on dynalite', async (_what, item, expected) => {
  for (const { client, tables } of sides()) {
    const put = () => client.send(new PutCommand({ TableName: tables.state, Item: { ...KEY, ...item } }))
    expect(await outcome(put)).toBe(expected)
  }
})

test.each([
  ['a name that is not used', { ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } }],
  ['a name that is missing', { UpdateExpression: 'SET #b = :a' }],
  ['a value that is not used', { ExpressionAttributeValues: { ':a': 1, ':b': 2 } }],
  ['a value that is missing', { UpdateExpression: 'SET #a = :b' }],
  ['an expression that is none', { UpdateExpression: 'SET #a == :a' }],
  ['a section that comes twice', { UpdateExpression: 'SET #a = :a SET b = :a' }],
  ['a part of the key', { ExpressionAttributeNames: { '#a': 'pk' } }],
  ['an empty expression', { UpdateExpression: '' }],
])('%s is refused as on dynalite', async (_what, wrong) => {
  for (const { client, tables } of sides()) {
    const update = new UpdateCommand({
      TableName: tables.state,
      Key: KEY,
      UpdateExpression: 'SET #a = :a',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': 1 },
      ...wrong,
    })
    expect(await outcome(() => client.send(update))).toBe('ValidationException')
  }
})

test('values are equal as a whole, and nobody can change what a table holds from outside', async () => {
  const { client } = memory()
  const given = { list: [1, { deep: ['x'] }], map: { a: undefined, b: null } }
  await client.send(new PutCommand({ TableName: TABLES.state, Item: { ...KEY, ...given } }))
  given.list.push(2)
  const read = async () => (await client.send(new GetCommand({ TableName: TABLES.state, Key: KEY }))).Item
  const first = await read()
  expect(first).toEqual({ ...KEY, list: [1, { deep: ['x'] }], map: { b: null } })
  if (first !== undefined) first.map = 'changed'
  expect(await read()).toEqual({ ...KEY, list: [1, { deep: ['x'] }], map: { b: null } })
  const update = (list: unknown) =>
    client.send(
      new UpdateCommand({
        TableName: TABLES.state,
        Key: KEY,
        UpdateExpression: 'SET n = :n',
        ConditionExpression: '#list = :list',
        ExpressionAttributeNames: { '#list': 'list' },
        ExpressionAttributeValues: { ':n': 1, ':list': list },
      }),
    )
  expect(await outcome(() => update([1, { deep: ['y'] }]))).toBe('ConditionalCheckFailedException')
  expect(await outcome(() => update([1, { deep: ['x'] }]))).toBe('accepted')
})

test('requests are counted by table and key, the refused ones among the writes', async () => {
  const { client, tables } = memory()
  const put = (pk: string, more = {}) =>
    outcome(() => client.send(new PutCommand({ TableName: TABLES.state, Item: { pk }, ...more })))
  const once = { ConditionExpression: 'attribute_not_exists(pk)' }
  await put('main#upstream', once)
  await put('main#upstream', once)
  await put('main#list#1')
  await put('main#list#2')
  await client.send(new GetCommand({ TableName: TABLES.state, Key: { pk: 'main#list#3' } }))
  expect(tables.counts(TABLES.state, 'main#upstream')).toEqual({ reads: 0, writes: 2, refused: 1 })
  expect(tables.counts(TABLES.state, 'main#list')).toEqual({ reads: 1, writes: 2, refused: 0 })
  expect(tables.counts(TABLES.state)).toEqual({ reads: 1, writes: 4, refused: 1 })
  expect(tables.counts(TABLES.tasks)).toEqual({ reads: 0, writes: 0, refused: 0 })
})

test('a parameter or an operation that is not simulated is told, not passed over', async () => {
  const { client } = memory()
  const get = new GetCommand({ TableName: TABLES.state, Key: KEY, ProjectionExpression: 'a' })
  await expect(client.send(get)).rejects.toThrow('ProjectionExpression')
})
