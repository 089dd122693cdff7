import type { Operation } from '../in-process.ts'
import { invalid } from './errors.ts'
import type { TableServices } from './operations.ts'
import { itemsOfQuery } from './query.ts'
import { batchGetSchema, getSchema, querySchema, scanSchema } from './requests.ts'
import { placeOfKey } from './schema.ts'
import type { Table } from './table.ts'
import { type Item, itemIn, itemOut } from './values.ts'

const MAX_BATCH_GET = 100

/** Every read is a consistent one: what a read that may be stale would miss is not simulated. */
export function readOperations({ tableOf, counts, expressions }: TableServices) {
  function read(table: Table, key: Record<string, unknown>): Item | undefined {
    const place = placeOfKey(table.schema, itemIn(key))
    counts.add(table.schema.name, place.pk, 'read')
    return table.get(place)
  }

  const GetItem: Operation = (input) => {
    const { TableName, Key } = getSchema.parse(input)
    const item = read(tableOf(TableName), Key)
    return item === undefined ? {} : { Item: itemOut(item) }
  }

  const BatchGetItem: Operation = (input) => {
    const { RequestItems } = batchGetSchema.parse(input)
    const Responses: Record<string, object[]> = {}
    for (const [name, { Keys }] of Object.entries(RequestItems)) {
      if (Keys.length > MAX_BATCH_GET) throw invalid('Too many items requested for the BatchGetItem call')
      const distinct = new Set(Keys.map((key) => JSON.stringify(Object.entries(key).sort())))
      if (distinct.size < Keys.length) throw invalid('Provided list of item keys contains duplicates')
      const table = tableOf(name)
      Responses[name] = Keys.map((key) => read(table, key))
        .filter((item) => item !== undefined)
        .map(itemOut)
    }
    return { Responses, UnprocessedKeys: {} }
  }

  const Query: Operation = (input) => {
    const request = querySchema.parse(input)
    const table = tableOf(request.TableName)
    const filter = expressions.condition(request.FilterExpression)
    const condition = expressions.condition(request.KeyConditionExpression)
    const given = expressions.given(request, [condition, filter])
    const { pk, items, last } = itemsOfQuery(table, request, condition, given)
    counts.add(table.schema.name, pk, 'read', Math.max(1, items.length))
    const Items = items.filter((item) => filter?.test(item, given) ?? true).map(itemOut)
    const LastEvaluatedKey = last === undefined ? undefined : itemOut(last)
    return { Items, Count: Items.length, ScannedCount: items.length, LastEvaluatedKey }
  }

  const Scan: Operation = (input) => {
    const request = scanSchema.parse(input)
    const table = tableOf(request.TableName)
    const filter = expressions.condition(request.FilterExpression)
    const given = expressions.given(request, [filter])
    const all = [...table.items()]
    counts.add(table.schema.name, '', 'read', all.length)
    const Items = all.filter((item) => filter?.test(item, given) ?? true).map(itemOut)
    return { Items, Count: Items.length, ScannedCount: all.length }
  }

  return { GetItem, BatchGetItem, Query, Scan }
}
