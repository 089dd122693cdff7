import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, SK } from '../platform/tables.ts'
import type { Item } from './item.ts'
import type { Judge, Judgement, Table } from './judge.ts'

export type Tables = Readonly<Record<Table, string>>
export type Key = Readonly<Record<string, string>>
type Place = { dynamo: DynamoDBDocumentClient; table: string }

/** In this order: what is accounted and shown first told of, then where it stands. */
export const TABLE_ORDER: readonly Table[] = ['ledger', 'tasks', 'state']

/** Few enough to be judged and written before the place is noted again. */
const PAGE = 200
/** Somebody else is at an item each time: then something is wrong. */
const ATTEMPTS = 6

export type ScannedPage = { items: readonly Item[]; next: Key | null }

/** One page of a table as it is at this moment. */
export async function pageAfter({ dynamo, table }: Place, after: Key | null): Promise<ScannedPage> {
  const { Items = [], LastEvaluatedKey } = await dynamo.send(
    new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      Limit: PAGE,
      ...(after === null ? {} : { ExclusiveStartKey: after }),
    }),
  )
  return { items: Items, next: LastEvaluatedKey === undefined ? null : keyOf(LastEvaluatedKey) }
}

const keyOf = (item: Item): Key => ({
  [PK]: String(item[PK]),
  ...(item[SK] === undefined ? {} : { [SK]: String(item[SK]) }),
})

/**
 * Does to an item what the judge says, on the condition that it is as it was judged; else it is read and judged again.
 * Answers with what was done in the end.
 * @throws Error when others write it again and again
 */
export async function carryOut(
  place: Place,
  item: Item,
  judge: (item: Item) => ReturnType<Judge>,
): Promise<Judgement | null> {
  const { dynamo, table } = place
  const key = keyOf(item)
  let current: Item | undefined = item
  for (let attempt = 0; attempt < ATTEMPTS && current !== undefined; attempt += 1) {
    const judgement = judge(current)
    if (judgement.act.kind === 'keep') return judgement
    try {
      const condition = { TableName: table, ...asItWas(current) }
      if (judgement.act.kind === 'delete') await dynamo.send(new DeleteCommand({ ...condition, Key: key }))
      else await dynamo.send(new PutCommand({ ...condition, Item: { ...judgement.act.item } }))
      return judgement
    } catch (error) {
      if (!isConditionFailure(error)) throw error
    }
    current = (await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item
  }
  // It is gone.
  if (current === undefined) return null
  throw new Error(`An item of ${table} was written by others ${ATTEMPTS} times in a row`)
}

/** What every write of an item changes, whatever it is: versions, digests, times, and how far a change has come. */
const MARKS = ['version', 'digest', 'text', 'readAt', 'updatedAt', 'asOf', 'status', 'publishedAt', 'toldBy', 'since']

function asItWas(item: Item) {
  // A task's status is a map, in which the order of the keys says nothing: its version tells.
  const plain = MARKS.filter((name) => item[name] === undefined || typeof item[name] !== 'object')
  const marks = plain.map((name, i) => ({ name, value: item[name], at: `#m${i}`, is: `:m${i}` }))
  const there = marks.filter(({ value }) => value !== undefined)
  return {
    ConditionExpression: [
      'attribute_exists(#pk)',
      ...marks.map(({ value, at, is }) => (value === undefined ? `attribute_not_exists(${at})` : `${at} = ${is}`)),
    ].join(' AND '),
    ExpressionAttributeNames: { '#pk': PK, ...Object.fromEntries(marks.map(({ name, at }) => [at, name])) },
    ...(there.length === 0
      ? {}
      : { ExpressionAttributeValues: Object.fromEntries(there.map(({ value, is }) => [is, value])) }),
  }
}
