import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb'
import { getAll } from '../platform/batch-get.ts'
import { BY_LIST, BY_SPACE, PK, resourceKey, SK } from '../platform/tables.ts'
import { isGone, type Snapshot, snapshotItem } from './snapshot.ts'
import { SNAPSHOT_SK } from './store.ts'
import { type TimeEntry, timeEntryItem } from './time-entry.ts'

/** Without a list or a space there is no index to ask: reading stops after so many megabytes, found enough or not. */
const SCAN_PAGES = 20

export type TasksTable = { dynamo: DynamoDBDocumentClient; table: string }

export type TaskQuery = {
  connection: string
  /** The list that a task lives in; further lists that it was added to do not count. */
  listId: string | undefined
  spaceId: string | undefined
  /** A status by its name, in any case. */
  status: string | undefined
  /** Whether tasks that are deleted or out of sight count, too. */
  gone: boolean
  limit: number
}

export type TaskList = {
  tasks: Snapshot[]
  unreadable: number
  /** Why there may be more: enough were found, or too much was read for it. */
  cut: 'limit' | 'scan' | null
}

/** The tasks of a connection that a query asks for, as they were last read from ClickUp. */
export async function listTasks(tasks: TasksTable, query: TaskQuery): Promise<TaskList> {
  const result: TaskList = { tasks: [], unreadable: 0, cut: null }
  const isWanted = wantedBy(query)
  const byList = query.listId !== undefined || query.spaceId !== undefined
  let pages = 0
  for await (const items of byList ? indexed(tasks, query) : scanned(tasks, query.connection)) {
    for (const item of items) {
      const parsed = snapshotItem.safeParse(item)
      if (!parsed.success) result.unreadable += 1
      if (!parsed.success || !isWanted(parsed.data)) continue
      if (result.tasks.length === query.limit) return { ...result, cut: 'limit' }
      result.tasks.push(parsed.data)
    }
    pages += 1
    if (!byList && pages === SCAN_PAGES) return { ...result, cut: 'scan' }
  }
  return result
}

/** The index lags a move by moments, so the place is compared again. */
function wantedBy({ listId, spaceId, status, gone }: TaskQuery): (task: Snapshot) => boolean {
  const name = status?.toLowerCase()
  return (task) =>
    (listId === undefined || task.list?.id === listId) &&
    (spaceId === undefined || task.space?.id === spaceId) &&
    (name === undefined || task.status?.name.toLowerCase() === name) &&
    (gone || !isGone(task.state))
}

async function* indexed({ dynamo, table }: TasksTable, { connection, listId, spaceId }: TaskQuery) {
  const [by, key] =
    listId === undefined
      ? [BY_SPACE, resourceKey(connection, 'space', spaceId ?? '')]
      : [BY_LIST, resourceKey(connection, 'list', listId)]
  const pages = paginateQuery(
    { client: dynamo, pageSize: 100 },
    {
      TableName: table,
      IndexName: by.index,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': by.pk },
      ExpressionAttributeValues: { ':key': key },
    },
  )
  for await (const { Items } of pages) {
    const keys = (Items ?? []).map((item) => ({ [PK]: String(item[PK]), [SK]: String(item[SK]) }))
    const items = await getAll(dynamo, table, keys)
    // BatchGetItem answers in any order, and the same limit shall give the same tasks.
    yield items.sort((a, b) => (String(a[PK]) < String(b[PK]) ? -1 : 1))
  }
}

async function* scanned({ dynamo, table }: TasksTable, connection: string) {
  const pages = paginateScan(
    { client: dynamo },
    {
      TableName: table,
      FilterExpression: '#sk = :snapshot AND begins_with(#pk, :tasks)',
      ExpressionAttributeNames: { '#pk': PK, '#sk': SK },
      ExpressionAttributeValues: { ':snapshot': SNAPSHOT_SK, ':tasks': resourceKey(connection, 'task', '') },
    },
  )
  for await (const { Items } of pages) yield Items ?? []
}

export type TaskDetails = {
  snapshot: Snapshot
  /** As last told, deleted ones included; the earliest first. */
  timeEntries: TimeEntry[]
  unreadable: number
}

/** All that the tasks table holds of one task; `null` when it was never read, `unreadable` when its snapshot is none of ours. */
export async function readTask(
  { dynamo, table }: TasksTable,
  connection: string,
  id: string,
): Promise<TaskDetails | 'unreadable' | null> {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': PK },
      ExpressionAttributeValues: { ':pk': resourceKey(connection, 'task', id) },
    },
  )
  const items: Record<string, unknown>[] = []
  for await (const { Items } of pages) items.push(...(Items ?? []))
  const stored = items.find((item) => item[SK] === SNAPSHOT_SK)
  if (stored === undefined) return null
  const snapshot = snapshotItem.safeParse(stored)
  if (!snapshot.success) return 'unreadable'
  const told = items.filter((item) => String(item[SK]).startsWith('time#')).map((item) => timeEntryItem.safeParse(item))
  const timeEntries = told.flatMap(({ data }) => data ?? []).sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0))
  return { snapshot: snapshot.data, timeEntries, unreadable: told.length - timeEntries.length }
}
