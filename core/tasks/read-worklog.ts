import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { getAll } from '../platform/batch-get.ts'
import { fewAtOnce } from '../platform/few-at-once.ts'
import { BY_TIME_DAY, PK, resourceKey, SK } from '../platform/tables.ts'
import { type TimeEntry, timeEntryItem } from './time-entry.ts'

type Table = { dynamo: DynamoDBDocumentClient; table: string }

/** The sort key of every time entry begins so. */
export const TIME_SK = 'time#'

const DAY_MS = 86_400_000

/** The key of the day index for an entry that began at a time. */
export const timeDay = (connection: string, at: number) => `${connection}#${new Date(at).toISOString().slice(0, 10)}`

/** The entries of a task, deleted ones included, the earliest first. */
export async function entriesOf(
  { dynamo, table }: Table,
  { connection, taskId }: { connection: string; taskId: string },
): Promise<TimeEntry[]> {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :time)',
      ExpressionAttributeNames: { '#pk': PK, '#sk': SK },
      ExpressionAttributeValues: { ':pk': resourceKey(connection, 'task', taskId), ':time': TIME_SK },
    },
  )
  const items: unknown[] = []
  for await (const { Items } of pages) items.push(...(Items ?? []))
  return readable(items)
}

/**
 * All entries of a connection that began from `from` to before `until` (ms since 1970), deleted ones included, the earliest
 * first. The index may lag by moments.
 */
export async function entriesFrom(
  { dynamo, table }: Table,
  { connection, from, until }: { connection: string; from: number; until: number },
): Promise<TimeEntry[]> {
  const days: string[] = []
  const firstDay = Math.floor(from / DAY_MS) * DAY_MS
  for (let day = firstDay; day < until; day += DAY_MS) days.push(timeDay(connection, day))
  const keys = (await fewAtOnce(days, (day) => keysOfDay({ dynamo, table }, day))).flat()
  const entries = readable(await getAll(dynamo, table, keys))
  return entries.filter(({ startAt }) => startAt !== null && startAt >= from && startAt < until)
}

async function keysOfDay({ dynamo, table }: Table, day: string): Promise<Record<string, string>[]> {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      IndexName: BY_TIME_DAY.index,
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': BY_TIME_DAY.pk },
      ExpressionAttributeValues: { ':day': day },
    },
  )
  const keys: Record<string, string>[] = []
  for await (const { Items } of pages) {
    keys.push(...(Items ?? []).map((item) => ({ [PK]: String(item[PK]), [SK]: String(item[SK]) })))
  }
  return keys
}

/** An item in a form that is not ours is passed over: the others are good. */
const readable = (items: readonly unknown[]): TimeEntry[] =>
  items
    .flatMap((item) => timeEntryItem.safeParse(item).data ?? [])
    .sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0) || (a.entryId < b.entryId ? -1 : 1))
