import { invalid } from './errors.ts'
import { textOrder } from './expressions/comparisons.ts'
import type { Condition } from './expressions/condition.ts'
import type { Given } from './expressions/given.ts'
import { resolved } from './expressions/paths.ts'
import type { QueryRequest } from './requests.ts'
import type { Table } from './table.ts'
import { type Item, itemIn } from './values.ts'

type Found = { pk: string; items: Item[]; last: Item | undefined }
type Keys = { readonly pk: string; readonly sk?: string }

/**
 * The items of one partition of a table or of an index, in their order, as many as were asked for. An index holds keys only,
 * as all of ours do. A page ends by its number of items and not by its size.
 */
export function itemsOfQuery(
  table: Table,
  request: QueryRequest,
  condition: Condition | undefined,
  given: Given,
): Found {
  const { indexes = [], pk, sk } = table.schema
  const index = indexes.find((each) => each.index === request.IndexName)
  if (request.IndexName !== undefined && index === undefined) {
    throw invalid(`The table does not have the specified index: ${request.IndexName}`)
  }
  if (condition === undefined) throw invalid('The KeyConditionExpression parameter must be specified')
  const ofTable = { pk, ...(sk === undefined ? {} : { sk }) }
  const partition = partitionOf(index ?? ofTable, condition, given)
  const keysOf = keysOnly([pk, sk, index?.pk, index?.sk])
  const all = index === undefined ? table.partition(partition) : indexed(table, index, partition).map(keysOf)
  const found = all.filter((item) => condition.test(item, given))
  if (request.ScanIndexForward === false) found.reverse()
  const from = start(found, table, request)
  const items = found.slice(from, from + (request.Limit ?? found.length))
  const end = items.at(-1)
  const isMore = from + items.length < found.length
  return { pk: partition, items, last: end !== undefined && isMore ? keysOf(end) : undefined }
}

function partitionOf({ pk, sk }: Keys, { paths, equalities }: Condition, given: Given): string {
  const named = paths.map((path) => resolved(path, given))
  if (named.some(([name, ...more]) => more.length > 0 || (name !== pk && name !== sk))) {
    throw invalid('Query key condition not supported')
  }
  for (const { left, right } of equalities) {
    if (left.kind !== 'path' || right.kind !== 'value' || resolved(left.path, given)[0] !== pk) continue
    const partition = given.values[right.name]
    if (typeof partition === 'string') return partition
  }
  throw invalid(`Query condition missed key schema element: ${pk}`)
}

function indexed(table: Table, { index, sk }: { index: string; sk: string }, partition: string): Item[] {
  const order = (item: Item) => `${String(item[sk])} ${positionOf(table, item)}`
  return [...table.indexed(index, partition)]
    .filter((item) => item[sk] !== undefined)
    .sort((a, b) => textOrder(order(a), order(b)))
}

function start(found: readonly Item[], table: Table, { ExclusiveStartKey }: QueryRequest): number {
  if (ExclusiveStartKey === undefined) return 0
  const before = positionOf(table, itemIn(ExclusiveStartKey))
  return found.findIndex((item) => positionOf(table, item) === before) + 1
}

/** An item's key in the table, in one text. */
const positionOf = ({ schema: { pk, sk } }: Table, item: Item) => JSON.stringify([item[pk], sk && item[sk]])

const keysOnly =
  (names: readonly (string | undefined)[]) =>
  (item: Item): Item =>
    Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
