import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import { BY_DAY, DAY_SHARDS, PK, SK, timePart } from '../platform/tables.ts'
import { type LedgerTable, type Recorded, readItem } from './history.ts'
import { dayKey } from './keys.ts'

const DAY_MS = 86_400_000
/** One BatchGetItem's worth, and the page of each shard: a short answer reads little more than it gives. */
const PAGE = 100
const MOST_DAYS_AHEAD = 8

export type RecentQuery = {
  /** When it was published, milliseconds since 1970. */
  since: number
  until: number
  /** At most so many changes, the newest. */
  limit: number
  /** All when undefined. */
  connection?: string | undefined
  wanted?: ((change: Recorded) => boolean) | undefined
}

export type Recent = {
  /** In the order in which they were published. */
  changes: Recorded[]
  unreadable: number
  /** Whether older ones were left out because of the limit. */
  more: boolean
}

/** The newest changes of everything, over the day index; it holds done changes only and lags the ledger by moments. */
export async function recentChanges(ledger: LedgerTable, query: RecentQuery): Promise<Recent> {
  const { connection, limit, wanted } = query
  const result: Recent = { changes: [], unreadable: 0, more: false }
  for await (const keys of batches(keysNewestFirst(ledger, query), connection)) {
    for (const item of await itemsInOrderOf(ledger, keys)) {
      const read = readItem(item)
      if (read.kind === 'unreadable') result.unreadable += 1
      if (read.kind !== 'done' || (wanted !== undefined && !wanted(read.change))) continue
      if (result.changes.length === limit) return oldestFirst({ ...result, more: true })
      result.changes.push(read.change)
    }
  }
  return oldestFirst(result)
}

const oldestFirst = (recent: Recent): Recent => ({ ...recent, changes: recent.changes.toReversed() })

const keySchema = z.object({ [PK]: z.string(), [SK]: z.string(), [BY_DAY.sk]: z.string() })
type IndexKey = z.infer<typeof keySchema>

async function* keysNewestFirst(ledger: LedgerTable, { since, until }: RecentQuery): AsyncGenerator<IndexKey> {
  const firstDay = Math.floor(since / DAY_MS)
  let day = Math.floor(until / DAY_MS)
  const asked: { keys: AsyncGenerator<IndexKey>; first: Promise<IteratorResult<IndexKey>> }[] = []
  // The longer nothing is found, the more days are asked at once: a quiet year need not take a year's round trips.
  for (let quiet = 0; ; ) {
    for (; day >= firstDay && asked.length <= Math.min(quiet, MOST_DAYS_AHEAD); day -= 1) {
      const keys = keysOfDay(ledger, day, since)
      const first = keys.next()
      // Whether it fails matters when its turn comes, if it does.
      first.catch(() => undefined)
      asked.push({ keys, first })
    }
    const next = asked.shift()
    if (next === undefined) return
    const first = await next.first
    quiet = first.done ? quiet + 1 : 0
    if (first.done) continue
    yield first.value
    yield* next.keys
  }
}

const keysOfDay = ({ dynamo, table }: LedgerTable, day: number, since: number) =>
  merged(Array.from({ length: DAY_SHARDS }, (_, shard) => shardKeys(dynamo, table, dayKey(day * DAY_MS, shard), since)))

async function* shardKeys(client: DynamoDBDocumentClient, table: string, day: string, since: number) {
  const pages = paginateQuery(
    { client, pageSize: PAGE },
    {
      TableName: table,
      IndexName: BY_DAY.index,
      KeyConditionExpression: '#day = :day AND #daySk >= :since',
      ExpressionAttributeNames: { '#day': BY_DAY.pk, '#daySk': BY_DAY.sk },
      ExpressionAttributeValues: { ':day': day, ':since': timePart(since) },
      ScanIndexForward: false,
    },
  )
  for await (const { Items } of pages) yield* (Items ?? []).map((item) => keySchema.parse(item))
}

/** Several descending sequences as one. */
async function* merged(sources: AsyncGenerator<IndexKey>[]): AsyncGenerator<IndexKey> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })))
  for (;;) {
    let newest: { head: (typeof heads)[number]; key: IndexKey } | null = null
    for (const head of heads) {
      if (head.next.done) continue
      const key = head.next.value
      if (newest === null || key[BY_DAY.sk] > newest.key[BY_DAY.sk]) newest = { head, key }
    }
    if (newest === null) return
    yield newest.key
    newest.head.next = await newest.head.source.next()
  }
}

async function* batches(keys: AsyncGenerator<IndexKey>, connection: string | undefined): AsyncGenerator<IndexKey[]> {
  let batch: IndexKey[] = []
  for await (const key of keys) {
    if (connection !== undefined && !key[PK].startsWith(`${connection}#`)) continue
    batch.push(key)
    if (batch.length < PAGE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** BatchGetItem answers in any order, and the limit needs the newest first. */
async function itemsInOrderOf({ dynamo, table }: LedgerTable, keys: readonly IndexKey[]) {
  const found = await getAll(
    dynamo,
    table,
    keys.map((key) => ({ [PK]: key[PK], [SK]: key[SK] })),
  )
  const byKey = new Map(found.map((item) => [`${item[PK]} ${item[SK]}`, item]))
  return keys.flatMap((key) => byKey.get(`${key[PK]} ${key[SK]}`) ?? [])
}
