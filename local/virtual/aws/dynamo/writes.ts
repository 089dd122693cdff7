import type { Operation } from '../in-process.ts'
import { conditionFailed, invalid } from './errors.ts'
import type { Condition } from './expressions/condition.ts'
import type { Given } from './expressions/given.ts'
import type { Update } from './expressions/update.ts'
import type { TableServices } from './operations.ts'
import { batchWriteSchema, deleteSchema, putSchema, updateSchema } from './requests.ts'
import { type Place, placeOfItem, placeOfKey, refuseWrongIndexKeys, type TableSchema } from './schema.ts'
import { isTooLarge } from './size.ts'
import type { Table } from './table.ts'
import { type Item, itemIn, itemOut } from './values.ts'

const MAX_BATCH_WRITE = 25

type Write = {
  table: Table
  place: Place
  given: Given
  condition: Condition | undefined
  /** The item as it becomes; none is there afterwards where it says `undefined`. */
  become(old: Item | undefined): Item | undefined
  returns: 'NONE' | 'ALL_OLD' | 'ALL_NEW' | undefined
}

export function writeOperations({ tableOf, counts, expressions }: TableServices) {
  function write({ table, place, given, condition, become, returns }: Write): object {
    const old = table.get(place)
    if (condition !== undefined && !condition.test(old ?? {}, given)) {
      counts.add(table.schema.name, place.pk, 'refused')
      throw conditionFailed()
    }
    const item = become(old)
    if (item === undefined) table.delete(place)
    else table.put(place, item)
    counts.add(table.schema.name, place.pk, 'write')
    const told = returns === 'ALL_OLD' ? old : returns === 'ALL_NEW' ? item : undefined
    return told === undefined ? {} : { Attributes: itemOut(told) }
  }

  const PutItem: Operation = (input) => {
    const request = putSchema.parse(input)
    const table = tableOf(request.TableName)
    const item = itemIn(request.Item)
    refuseItem(table.schema, item, 'Item size has exceeded the maximum allowed size')
    const condition = expressions.condition(request.ConditionExpression)
    return write({
      table,
      place: placeOfItem(table.schema, item),
      given: expressions.given(request, [condition]),
      condition,
      become: () => item,
      returns: request.ReturnValues,
    })
  }

  const DeleteItem: Operation = (input) => {
    const request = deleteSchema.parse(input)
    const table = tableOf(request.TableName)
    const condition = expressions.condition(request.ConditionExpression)
    return write({
      table,
      place: placeOfKey(table.schema, itemIn(request.Key)),
      given: expressions.given(request, [condition]),
      condition,
      become: () => undefined,
      returns: request.ReturnValues,
    })
  }

  const UpdateItem: Operation = (input) => {
    const request = updateSchema.parse(input)
    const table = tableOf(request.TableName)
    const key = itemIn(request.Key)
    const condition = expressions.condition(request.ConditionExpression)
    const update = expressions.update(request.UpdateExpression)
    const given = expressions.given(request, [condition, update])
    refuseKeyUpdate(table.schema, update, given)
    return write({
      table,
      place: placeOfKey(table.schema, key),
      given,
      condition,
      become(old) {
        const item = update.apply(old ?? key, given)
        refuseItem(table.schema, item, 'Item size to update has exceeded the maximum allowed size')
        return item
      },
      returns: request.ReturnValues,
    })
  }

  const BatchWriteItem: Operation = (input) => {
    const { RequestItems } = batchWriteSchema.parse(input)
    for (const [TableName, entries] of Object.entries(RequestItems)) {
      if (entries.length > MAX_BATCH_WRITE) throw invalid('Too many items requested for the BatchWriteItem call')
      for (const { PutRequest, DeleteRequest } of entries) {
        if (PutRequest !== undefined) PutItem({ TableName, Item: PutRequest.Item })
        if (DeleteRequest !== undefined) DeleteItem({ TableName, Key: DeleteRequest.Key })
      }
    }
    return { UnprocessedItems: {} }
  }

  return { PutItem, DeleteItem, UpdateItem, BatchWriteItem }
}

function refuseItem(schema: TableSchema, item: Item, tooLarge: string): void {
  refuseWrongIndexKeys(schema, item)
  if (isTooLarge(item)) throw invalid(tooLarge)
}

function refuseKeyUpdate({ pk, sk }: TableSchema, { paths }: Update, { names }: Given): void {
  for (const [first] of paths) {
    const name = typeof first === 'string' ? (names[first] ?? first) : undefined
    if (name === pk || name === sk) {
      throw invalid(`One or more parameter values were invalid: Cannot update attribute ${name}. It is part of the key`)
    }
  }
}
