import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { Resource } from '../ledger/change.ts'
import { putIfVersion } from '../platform/put-if-version.ts'
import { PK, resourceKey, SK } from '../platform/tables.ts'
import { type Known, knownItem } from './known.ts'

const SCHEMA_VERSION = 1

/** What is accounted of any resource: a task's beside its snapshot, a list's, folder's, space's or goal's in the state table. */
export type KnownStore = {
  load(connection: string, resource: Resource): Promise<Known | null>
  /** Writes unless somebody else has written since `from`; `false` then. */
  save(connection: string, resource: Resource, known: Known, from: number | null): Promise<boolean>
}

/** The sort key of a task's item in the tasks table. */
export const KNOWN_SK = 'known'

export type KnownStoreServices = { dynamo: DynamoDBDocumentClient; tasksTable: string; stateTable: string }

export function createKnownStore({ dynamo, tasksTable, stateTable }: KnownStoreServices): KnownStore {
  function placeOf(connection: string, resource: Resource): { table: string; key: Record<string, string> } {
    const pk = resourceKey(connection, resource.kind, resource.id)
    if (resource.kind === 'task') return { table: tasksTable, key: { [PK]: pk, [SK]: KNOWN_SK } }
    return { table: stateTable, key: { [PK]: pk } }
  }
  return {
    async load(connection, resource) {
      const { table, key } = placeOf(connection, resource)
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
      return Item === undefined ? null : knownItem.parse(Item)
    },
    save(connection, resource, known, from) {
      const { table, key } = placeOf(connection, resource)
      return putIfVersion(dynamo, table, { ...key, ...known, schemaVersion: SCHEMA_VERSION }, from)
    },
  }
}
