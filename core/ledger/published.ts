import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import { BY_DAY, DAY_SHARDS, PK, SK, timePart } from '../platform/tables.ts'
import { type LedgerTable, type Recorded, readItem } from './history.ts'
import { dayKey } from './keys.ts'

const DAY_MS = 86_400_000
/** One BatchGetItem's worth. */
const PAGE = 100

export type PublishedPeriod = {
  /** When it was published, milliseconds since 1970; `since` is in the period, `until` is not. */
  since: number
  until: number
  /** All when undefined. */
  connection?: string | undefined
}

export type PublishedPage = {
  /** In the order in which they were published. */
  changes: Recorded[]
  /** Items in a form that is not ours. */
  unreadable: number
}

/** Everything that was published in a period, the oldest first, page by page; the index holds done changes only and lags by moments. */
export async function* publishedBetween(ledger: LedgerTable, period: PublishedPeriod): AsyncGenerator<PublishedPage> {
  for (let day = Math.floor(period.since / DAY_MS); day * DAY_MS < period.until; day += 1) {
    const shards = Array.from({ length: DAY_SHARDS }, (_, shard) =>
      shardKeys(ledger, dayKey(day * DAY_MS, shard), period),
    )
    let page: IndexKey[] = []
    for await (const key of merged(shards)) {
      if (page.push(key) < PAGE) continue
      yield await pageOf(ledger, page)
      page = []
    }
    if (page.length > 0) yield await pageOf(ledger, page)
  }
}

const keySchema = z.object({ [PK]: z.string(), [SK]: z.string(), [BY_DAY.sk]: z.string() })
type IndexKey = z.infer<typeof keySchema>

async function* shardKeys({ dynamo, table }: LedgerTable, day: string, period: PublishedPeriod) {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      IndexName: BY_DAY.index,
      // A key goes on after its time, so the upper bound leaves out what was published at `until` itself.
      KeyConditionExpression: '#day = :day AND #daySk BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#day': BY_DAY.pk, '#daySk': BY_DAY.sk },
      ExpressionAttributeValues: { ':day': day, ':since': timePart(period.since), ':until': timePart(period.until) },
    },
  )
  for await (const { Items } of pages) {
    for (const item of Items ?? []) {
      const key = keySchema.parse(item)
      if (period.connection === undefined || key[PK].startsWith(`${period.connection}#`)) yield key
    }
  }
}

/** Several ascending sequences as one. */
async function* merged(sources: AsyncGenerator<IndexKey>[]): AsyncGenerator<IndexKey> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })))
  for (;;) {
    let oldest: { head: (typeof heads)[number]; key: IndexKey } | null = null
    for (const head of heads) {
      if (head.next.done) continue
      const key = head.next.value
      if (oldest === null || key[BY_DAY.sk] < oldest.key[BY_DAY.sk]) oldest = { head, key }
    }
    if (oldest === null) return
    yield oldest.key
    oldest.head.next = await oldest.head.source.next()
  }
}

/** BatchGetItem answers in any order. What was forgotten meanwhile is left out. */
async function pageOf({ dynamo, table }: LedgerTable, keys: readonly IndexKey[]): Promise<PublishedPage> {
  const items = await getAll(
    dynamo,
    table,
    keys.map((key) => ({ [PK]: key[PK], [SK]: key[SK] })),
  )
  const byKey = new Map(items.map((item) => [`${item[PK]} ${item[SK]}`, item]))
  const page: PublishedPage = { changes: [], unreadable: 0 }
  for (const key of keys) {
    const item = byKey.get(`${key[PK]} ${key[SK]}`)
    const read = item === undefined ? null : readItem(item)
    if (read?.kind === 'done') page.changes.push(read.change)
    else if (read?.kind === 'unreadable') page.unreadable += 1
  }
  return page
}
