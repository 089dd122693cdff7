import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { getAll } from '../platform/batch-get.ts'
import { putIfVersion } from '../platform/put-if-version.ts'
import { BY_LIST, BY_SPACE, PK, resourceKey, SK } from '../platform/tables.ts'
import { type Known, knownItem } from './known.ts'
import { KNOWN_SK } from './known-store.ts'
import { observe } from './observe.ts'
import { type Observation, type Snapshot, snapshotItem } from './snapshot.ts'

const SCHEMA_VERSION = 1
export const SNAPSHOT_SK = 'snapshot'

/** A conflict means that another worker has just written the same task; this many in a row mean something else. */
const ATTEMPTS = 8

export type StoredTask = {
  snapshot: Snapshot | null
  known: Known | null
  /** Why one of the two could not be read: for whoever needs this task to throw, and for nobody else. */
  fault: unknown
}

/** The tasks of one connection as they were loaded at the beginning of a batch. */
export type Stored = ReadonlyMap<string, StoredTask>

/** The snapshots of tasks, with what is accounted of them where both are wanted at once. */
export type TaskStore = {
  load(connection: string, ids: readonly string[]): Promise<Map<string, StoredTask>>
  /** Replaces the snapshot if the observation is newer; answers with the one that stands. */
  record(connection: string, seen: Observation, before: Snapshot | null): Promise<Snapshot>
}

export function createTaskStore({ dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string }): TaskStore {
  const keyOf = (connection: string, id: string, sk: string) => ({
    [PK]: resourceKey(connection, 'task', id),
    [SK]: sk,
  })

  async function load(connection: string, ids: readonly string[]): Promise<Map<string, StoredTask>> {
    const keys = ids.flatMap((id) => [keyOf(connection, id, SNAPSHOT_SK), keyOf(connection, id, KNOWN_SK)])
    const result = new Map<string, StoredTask>(ids.map((id) => [id, { snapshot: null, known: null, fault: null }]))
    const idOfKey = new Map(ids.map((id) => [resourceKey(connection, 'task', id), id]))
    for (const item of await getAll(dynamo, table, keys)) {
      const stored = result.get(idOfKey.get(String(item[PK])) ?? '')
      if (stored === undefined) continue
      try {
        if (item[SK] === SNAPSHOT_SK) stored.snapshot = snapshotItem.parse(item)
        else stored.known = knownItem.parse(item)
      } catch (error) {
        stored.fault = error
      }
    }
    return result
  }

  async function record(connection: string, seen: Observation, before: Snapshot | null): Promise<Snapshot> {
    let current = before
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const next = observe(current, seen)
      if (next === null && current !== null) return current
      if (next !== null && (await put(connection, next, current?.version ?? null))) return next
      current = await loadSnapshot(connection, seen.id)
    }
    throw new Error(`The snapshot of task ${seen.id} was written by others ${ATTEMPTS} times in a row`)
  }

  function put(connection: string, snapshot: Snapshot, from: number | null): Promise<boolean> {
    const { list, space } = snapshot
    const item = {
      ...keyOf(connection, snapshot.id, SNAPSHOT_SK),
      ...snapshot,
      schemaVersion: SCHEMA_VERSION,
      ...(list === null ? {} : { [BY_LIST.pk]: resourceKey(connection, 'list', list.id) }),
      ...(space === null ? {} : { [BY_SPACE.pk]: resourceKey(connection, 'space', space.id) }),
    }
    return putIfVersion(dynamo, table, item, from)
  }

  async function loadSnapshot(connection: string, id: string): Promise<Snapshot | null> {
    const key = keyOf(connection, id, SNAPSHOT_SK)
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
    return Item === undefined ? null : snapshotItem.parse(Item)
  }

  return { load, record }
}
