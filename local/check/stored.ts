import { paginateScan } from '@aws-sdk/lib-dynamodb'
import { type Recorded, readItem } from '../../core/ledger/history.ts'
import { PK, SK } from '../../core/platform/tables.ts'
import { type Hierarchy, loadHierarchy } from '../../core/sync/hierarchy.ts'
import { loadMembers, type Member } from '../../core/sync/members.ts'
import { type Known, knownSchema } from '../../core/tasks/known.ts'
import { KNOWN_SK } from '../../core/tasks/known-store.ts'
import { TIME_SK } from '../../core/tasks/read-worklog.ts'
import { type Snapshot, snapshotSchema } from '../../core/tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../core/tasks/store.ts'
import { type TimeEntry, timeEntrySchema } from '../../core/tasks/time-entry.ts'
import type { LocalSystem } from '../start/system.ts'

type Item = Record<string, unknown>

/** All that Hookline has stored, read as anybody could who may read its tables. */
export type Stored = {
  ledger: Recorded[]
  /** Changes that somebody has claimed and not completed, and items that nobody can read. */
  unfinished: number
  /** By the task's id. */
  snapshots: ReadonlyMap<string, Snapshot>
  /** By `task#` and the id. */
  known: ReadonlyMap<string, Known>
  /** Time entries, deleted ones included. */
  time: TimeEntry[]
  members: Member[]
  hierarchy: Hierarchy | null
}

export async function readStored({ clients, details }: Pick<LocalSystem, 'clients' | 'details'>): Promise<Stored> {
  const { ledger, tasks, state } = details.tables
  const items = { ledger: await scan(clients, ledger), tasks: await scan(clients, tasks) }
  return storedIn(items, { dynamo: clients.dynamo, table: state }, details.connection)
}

/**
 * All that is stored, given the items of the two tables that are large.
 * @param table of the state
 */
export async function storedIn(
  items: { ledger: readonly Item[]; tasks: readonly Item[] },
  table: Parameters<typeof loadHierarchy>[0],
  connection: string,
): Promise<Stored> {
  const changes = items.ledger.map(readItem)
  const taskOf = (item: Item) => String(item[PK]).split('#').slice(2).join('#')
  const ofKind = (sk: string) => items.tasks.filter((item) => item[SK] === sk)
  return {
    ledger: changes.flatMap((each) => (each.kind === 'done' ? each.change : [])),
    unfinished: changes.filter(({ kind }) => kind !== 'done').length,
    snapshots: new Map(ofKind(SNAPSHOT_SK).map((item) => [taskOf(item), snapshotSchema.parse(item)])),
    known: new Map(ofKind(KNOWN_SK).map((item) => [`task#${taskOf(item)}`, knownSchema.parse(item)])),
    time: items.tasks.filter((item) => String(item[SK]).startsWith(TIME_SK)).map((item) => timeEntrySchema.parse(item)),
    members: (await loadMembers(table, connection))?.members ?? [],
    hierarchy: await loadHierarchy(table, connection),
  }
}

async function scan({ dynamo }: LocalSystem['clients'], table: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: table, ConsistentRead: true })) {
    items.push(...Items)
  }
  return items
}
