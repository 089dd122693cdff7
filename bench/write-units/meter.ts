import * as z from 'zod'
import { billedBytes } from '../../local/virtual/aws/dynamo/size.ts'
import { itemIn } from '../../local/virtual/aws/dynamo/values.ts'
import type { Call, Through } from '../../local/virtual/aws/in-process.ts'
import { TABLE_SCHEMAS } from '../../local/virtual/aws/tables.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
const WRITE_UNIT_BYTES = 1024
const READ_UNIT_BYTES = 4096

/** What DynamoDB bills for, by what it was for: `ledger claim`, `tasks snapshot`, `tasks index`, `state desk`. */
export type Bill = {
  readonly write: number
  readonly read: number
  readonly calls: number
  readonly byKind: ReadonlyMap<string, Used>
}
export type Used = { calls: number; write: number; read: number }

type Image = { bytes: number; indexKeys: readonly string[] }

const record = z.record(z.string(), z.unknown())
const writeInput = z.looseObject({ TableName: z.string(), Item: record.optional(), Key: record.optional() })
const writeOutput = z.looseObject({ Attributes: record.optional() })
const getInput = z.looseObject({ TableName: z.string(), Key: record, ConsistentRead: z.boolean().default(false) })
const getOutput = z.looseObject({ Item: record.optional() })
const queryInput = z.looseObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  ConsistentRead: z.boolean().default(false),
})
const queryOutput = z.looseObject({ Items: z.array(record).default([]) })
const batchInput = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.looseObject({ Keys: z.array(record), ConsistentRead: z.boolean().default(false) }),
  ),
})
const batchOutput = z.looseObject({ Responses: z.record(z.string(), z.array(record)) })

/**
 * Stands between the functions and their tables, and counts what DynamoDB would bill: a write by the larger of the item before and
 * after it, one that is refused like one that is not, and an index for each entry that appears, goes or moves; one that stays as it
 * was costs nothing, because our indexes hold nothing but keys. It knows the items from having seen them written.
 */
export function createMeter() {
  const images = new Map<string, Image>()
  const byKind = new Map<string, Used>()

  function bill(kind: string, used: Partial<Used>): void {
    const { calls, write, read } = byKind.get(kind) ?? { calls: 0, write: 0, read: 0 }
    byKind.set(kind, {
      calls: calls + (used.calls ?? 0),
      write: write + (used.write ?? 0),
      read: read + (used.read ?? 0),
    })
  }

  async function write(call: Call, next: Parameters<Through>[1]): Promise<object> {
    const { TableName: table, Item, Key = {} } = writeInput.parse(call.input)
    const place = placeOf(table, Item ?? Key)
    const before = images.get(place)
    const kind = kindOf(table, call.name, Item ?? Key)
    try {
      // Who asked for no answer gets one: it is free, and only so is it known what an update has made.
      const output =
        call.name === 'UpdateItem'
          ? await next({ ...call, input: { ...writeInput.parse(call.input), ReturnValues: 'ALL_NEW' } })
          : await next(call)
      const item = call.name === 'UpdateItem' ? writeOutput.parse(output).Attributes : Item
      const after = item === undefined ? undefined : imageOf(table, item)
      if (after === undefined) images.delete(place)
      else images.set(place, after)
      bill(kind, { calls: 1, write: writeUnits(before, after) })
      const moved = indexWrites(before, after)
      if (moved > 0) bill(`${table} index`, { write: moved })
      return output
    } catch (error) {
      const wanted = Item === undefined ? undefined : imageOf(table, Item)
      bill(`${kind}, refused`, { calls: 1, write: writeUnits(before, wanted) })
      throw error
    }
  }

  async function read(call: Call, next: Parameters<Through>[1]): Promise<object> {
    const output = await next(call)
    switch (call.name) {
      case 'GetItem': {
        const { TableName: table, Key, ConsistentRead } = getInput.parse(call.input)
        const { Item = {} } = getOutput.parse(output)
        bill(kindOf(table, 'Get', Key), { calls: 1, read: readUnits([Item], ConsistentRead) })
        break
      }
      case 'BatchGetItem': {
        const { Responses } = batchOutput.parse(output)
        for (const [table, { Keys, ConsistentRead }] of Object.entries(batchInput.parse(call.input).RequestItems)) {
          const found = new Map((Responses[table] ?? []).map((item) => [placeOf(table, item), item]))
          for (const key of Keys) {
            const item = found.get(placeOf(table, key)) ?? {}
            bill(kindOf(table, 'Get', key), { read: readUnits([item], ConsistentRead) })
          }
          bill(`${table} BatchGet`, { calls: 1 })
        }
        break
      }
      default: {
        const { TableName: table, IndexName, ConsistentRead } = queryInput.parse(call.input)
        const { Items } = queryOutput.parse(output)
        bill(`${table} ${call.name}${IndexName === undefined ? '' : ` ${IndexName}`}`, {
          calls: 1,
          // Of a page, the sizes are summed up before they are rounded.
          read: readUnits(Items, ConsistentRead),
        })
      }
    }
    return output
  }

  const through: Through = (call, next) => {
    if (!call.service.startsWith('DynamoDB')) return next(call)
    return WRITES.has(call.name) ? write(call, next) : read(call, next)
  }

  return {
    through,
    /** What there was before anything is counted. */
    knows(table: string, item: Record<string, unknown>): void {
      images.set(placeOf(table, item), imageOf(table, item))
    },
    /** What was used since the beginning, or since it was last forgotten. */
    bill(): Bill {
      const all = [...byKind.values()]
      const sum = (of: keyof Used) => all.reduce((total, used) => total + used[of], 0)
      return { write: sum('write'), read: sum('read'), calls: sum('calls'), byKind: new Map(byKind) }
    },
    forget: () => byKind.clear(),
  }
}

const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem'])

const placeOf = (table: string, { pk, sk }: Record<string, unknown>) => `${table} ${String(pk)} ${String(sk ?? '')}`

function imageOf(table: string, item: Record<string, unknown>): Image {
  const { indexes = [] } = TABLE_SCHEMAS.find(({ name }) => name === table) ?? {}
  return {
    bytes: billedBytes(itemIn(item)),
    // '' where an index does not have it.
    indexKeys: indexes.map(({ pk, sk }) =>
      item[pk] === undefined || item[sk] === undefined ? '' : `${String(item[pk])} ${String(item[sk])}`,
    ),
  }
}

const writeUnits = (before: Image | undefined, after: Image | undefined): number =>
  Math.max(1, Math.ceil(Math.max(before?.bytes ?? 0, after?.bytes ?? 0) / WRITE_UNIT_BYTES))

/** An entry that moves is one that goes and one that appears. */
function indexWrites(before: Image | undefined, after: Image | undefined): number {
  const keys = after?.indexKeys ?? before?.indexKeys ?? []
  return keys
    .map((_, i) => [before?.indexKeys[i] ?? '', after?.indexKeys[i] ?? ''] as const)
    .reduce((sum, [was, is]) => sum + (was === is ? 0 : (was === '' ? 0 : 1) + (is === '' ? 0 : 1)), 0)
}

/** One that is not there is billed as if it were small; half of it where an answer may be a moment old. */
function readUnits(items: readonly Record<string, unknown>[], consistent: boolean): number {
  const bytes = items.reduce((sum, item) => sum + billedBytes(itemIn(item)), 0)
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5)
}

/** What an item is for, by its key: `connection#thing` in the state table, `snapshot` or `known` of a task. */
function kindOf(table: string, operation: string, { pk, sk, status }: Record<string, unknown>): string {
  const thing = String(pk).split('#')[1] ?? String(pk)
  const what =
    table === 'ledger' ? (typeof status === 'string' ? status : '') : typeof sk === 'string' ? sk.split('#')[0] : thing
  return [table, what, operation].filter((part) => part !== '').join(' ')
}
