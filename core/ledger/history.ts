import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, resourceKey, SK, timePart } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'
import { type Change, changeSchema, type Resource } from './change.ts'

/** A change as the ledger holds it when it is done. */
export type Recorded = Change & {
  publishedAt: number
  /** The id under which a delivery told of it when it had been found by a sweep before. */
  toldBy?: string | undefined
}

export type History = {
  /** In the order in which they happened. */
  changes: Recorded[]
  /** Changes that a worker has claimed and not completed yet: of these, only the key is known. */
  claimed: number
  /** Items in a form that is not ours; the rest is readable all the same. */
  unreadable: number
}

/** A worker writes a claim before the facts, so everything but the key is missing from it. */
const statusSchema = z.looseObject({ status: z.string(), leaseUntil: z.number().catch(0) })

/** The order is not among the attributes: it is the first part of the sort key. */
const doneSchema = versioned(
  changeSchema.omit({ order: true }).extend({
    [SK]: z.string(),
    publishedAt: z.number(),
    toldBy: z.string().optional(),
  }),
)

export type ReadItem =
  | { kind: 'done'; change: Recorded }
  | { kind: 'claimed'; leaseUntil: number }
  | { kind: 'unreadable' }

/** What one item of the ledger says; never throws. */
export function readItem(item: unknown): ReadItem {
  const status = statusSchema.safeParse(item)
  if (status.success && status.data.status === 'claimed') return { kind: 'claimed', leaseUntil: status.data.leaseUntil }
  const parsed = doneSchema.safeParse(item)
  if (!status.success || status.data.status !== 'done' || !parsed.success) return { kind: 'unreadable' }
  const { [SK]: sortKey, ...facts } = parsed.data
  if (!sortKey.endsWith(`#${facts.id}`)) return { kind: 'unreadable' }
  return { kind: 'done', change: { ...facts, order: sortKey.slice(0, -facts.id.length - 1) } }
}

/** Sorts by time, then as the ledger does: what has no time of its own in ClickUp sorts after what has. */
const inOrder = (a: Recorded, b: Recorded): number =>
  a.at - b.at || compareText(a.order, b.order) || compareText(a.id, b.id)

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export type LedgerTable = { dynamo: DynamoDBDocumentClient; table: string }

type Asked = {
  connection: string
  resource: Resource
  since: number | undefined
  /** Counts only claims whose leases run at this time: what a worker that has died leaves behind is nobody's work. */
  leasedAt?: number
}

/** The history of one resource, from `since` (milliseconds since 1970) or from its beginning. */
export async function resourceHistory(
  { dynamo, table }: LedgerTable,
  { connection, resource, since, leasedAt = 0 }: Asked,
): Promise<History> {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      ConsistentRead: true,
      // Versions sort after every time, so this bound keeps them; their own times are compared below.
      KeyConditionExpression: '#pk = :pk AND #sk >= :since',
      ExpressionAttributeNames: { '#pk': PK, '#sk': SK },
      ExpressionAttributeValues: {
        ':pk': resourceKey(connection, resource.kind, resource.id),
        ':since': timePart(since ?? 0),
      },
    },
  )
  const history: History = { changes: [], claimed: 0, unreadable: 0 }
  for await (const { Items } of pages) {
    for (const item of Items ?? []) {
      const read = readItem(item)
      if (read.kind === 'unreadable') history.unreadable += 1
      else if (read.kind === 'claimed') history.claimed += read.leaseUntil >= leasedAt ? 1 : 0
      else if (since === undefined || read.change.at >= since) history.changes.push(read.change)
    }
  }
  history.changes.sort(inOrder)
  return history
}
