import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import { BY_LIST, PK, resourceKey } from '../platform/tables.ts'
import { isGone, type Snapshot } from '../tasks/snapshot.ts'
import type { StoredTask } from '../tasks/store.ts'
import type { SyncServices } from './services.ts'

/** So many are loaded at a time. */
const AT_ONCE = 100

type Services = Pick<SyncServices, 'tasksTable' | 'tasks' | 'connection'>
type TaskOfList = { id: string; snapshot: Snapshot; stored: StoredTask }

/** The tasks of a list that are there as far as we know, archived ones included, with what is stored of them. */
export async function* tasksOfList(listId: string, services: Services): AsyncGenerator<TaskOfList> {
  for await (const one of everInList(listId, services)) if (!isGone(one.snapshot.state)) yield one
}

/** The same with those that are deleted or out of sight and lay in it at last. */
export async function* everInList(
  listId: string,
  { tasksTable, tasks, connection }: Services,
): AsyncGenerator<TaskOfList> {
  const pages = paginateQuery(
    { client: tasksTable.dynamo },
    {
      TableName: tasksTable.table,
      IndexName: BY_LIST.index,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': BY_LIST.pk },
      ExpressionAttributeValues: { ':key': resourceKey(connection.name, 'list', listId) },
    },
  )
  const prefix = resourceKey(connection.name, 'task', '')
  for await (const { Items = [] } of pages) {
    const ids = Items.map((item) => String(item[PK]).slice(prefix.length))
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const loaded = await tasks.load(connection.name, ids.slice(i, i + AT_ONCE))
      for (const [id, stored] of loaded) {
        const { snapshot } = stored
        // The index lags a move by moments, so the place is compared again.
        if (snapshot !== null && snapshot.list?.id === listId) yield { id, snapshot, stored }
      }
    }
  }
}
