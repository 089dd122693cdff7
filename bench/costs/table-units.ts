import * as z from 'zod'
import type { Call } from '../../local/virtual/aws/in-process.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
const WRITE_UNIT_BYTES = 1024
const READ_UNIT_BYTES = 4096

const putInput = z.looseObject({
  Item: z.looseObject({
    day: z.unknown().optional(),
    listKey: z.unknown().optional(),
    timeDay: z.unknown().optional(),
  }),
  ConditionExpression: z.string().default(''),
})
const readInput = z.looseObject({ ConsistentRead: z.boolean().default(false) })
const batchInput = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.looseObject({ Keys: z.array(z.unknown()), ConsistentRead: z.boolean().default(false) }),
  ),
})

export type Units = { write: number; read: number }

/** The request units that DynamoDB bills for a call that succeeded. */
export function unitsOf({ name, input }: Pick<Call, 'name' | 'input'>, output: object): Units {
  switch (name) {
    case 'PutItem': {
      const { Item, ConditionExpression } = putInput.parse(input)
      // A completed change stands in the day index, a time entry in that of its day; a task that appears, in its list's and its space's.
      const indexes = (Item.day === undefined ? 0 : 1) + (Item.timeDay === undefined ? 0 : 1)
      const places = Item.listKey !== undefined && ConditionExpression.includes('not_exists') ? 2 : 0
      return { write: pieces(Item, WRITE_UNIT_BYTES) + indexes + places, read: 0 }
    }
    case 'UpdateItem':
    case 'DeleteItem':
      return { write: 1, read: 0 }
    case 'BatchGetItem': {
      // Each item by itself, and one that is not there as if it were small.
      const asked = Object.values(batchInput.parse(input).RequestItems)
      return { write: 0, read: asked.reduce((sum, one) => sum + one.Keys.length * (one.ConsistentRead ? 1 : 0.5), 0) }
    }
    default:
      return { write: 0, read: pieces(output, READ_UNIT_BYTES) * (readInput.parse(input).ConsistentRead ? 1 : 0.5) }
  }
}

/** An item as JSON is about as long as DynamoDB counts it, without the names of its types. */
const pieces = (item: object, bytes: number) =>
  Math.max(1, Math.ceil(JSON.stringify(item).replaceAll(/\{"(?:S|N|BOOL|M|L|NULL)":/g, '').length / bytes))
