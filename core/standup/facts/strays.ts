import type { Recorded } from '../../ledger/history.ts'
import { getAll } from '../../platform/batch-get.ts'
import { PK, resourceKey, SK } from '../../platform/tables.ts'
import type { TasksTable } from '../../tasks/list.ts'
import { snapshotItem, UNKNOWN_FIELDS } from '../../tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../tasks/store.ts'
import type { Histories, TaskHistory } from './histories.ts'
import { leftAt, touches } from './left.ts'
import type { ScopeTest } from './scope.ts'
import { type ScopeTask, scopeTaskOf } from './scope-tasks.ts'

/** A task to which something happened in the span, and that the indexes do not have among those of the scope. */
export type Stray = {
  task: ScopeTask
  history: TaskHistory
  /** When it was in the scope for the last time; null for one that is in it: the indexes lag, or nobody has read it yet. */
  leftAt: number | null
}

type Sources = { tasks: TasksTable; connection: string; histories: Histories; test: ScopeTest }

/** Finds out which of the changed tasks had to do with the scope: one query for each. */
export async function readStrays(
  changed: readonly { id: string; since: number }[],
  { tasks, connection, histories, test }: Sources,
): Promise<{ strays: Stray[]; unreadable: number }> {
  const read = await histories.each(
    changed,
    ({ since }) => since,
    ({ id }, history) => (touches(history.changes, test) ? { id, history } : null),
  )
  const touching = read.filter((each) => each !== null)
  const ids = touching.map(({ id }) => id)
  const { snapshots, unreadable } = await snapshotsOf(tasks, connection, ids)
  const strays = touching.flatMap(({ id, history }): Stray[] => {
    const task = placed(snapshots.get(id) ?? { ...UNKNOWN_FIELDS, id, state: 'present', observedAt: 0 }, history, test)
    if (test.has(task)) return [{ task, history, leftAt: null }]
    const left = leftAt(history.changes, test)
    return left === null ? [] : [{ task, history, leftAt: left }]
  })
  return { strays, unreadable }
}

/** Of a task that was never read, its changes tell the list. */
function placed(task: ScopeTask, { changes }: { changes: readonly Recorded[] }, test: ScopeTest): ScopeTask {
  const listId = task.list?.id ?? changes.findLast((change) => change.listId !== null)?.listId ?? null
  return task.list !== null || listId === null ? task : { ...task, list: { id: listId, name: test.nameOfList(listId) } }
}

/** Snapshots by the ids of their tasks; those that were never read are absent. */
async function snapshotsOf({ dynamo, table }: TasksTable, connection: string, ids: readonly string[]) {
  const keys = ids.map((id) => ({ [PK]: resourceKey(connection, 'task', id), [SK]: SNAPSHOT_SK }))
  const items = await getAll(dynamo, table, keys)
  const read = items.flatMap((item) => snapshotItem.safeParse(item).data ?? [])
  const snapshots = new Map(read.map((task) => [task.id, scopeTaskOf(task)]))
  return { snapshots, unreadable: items.length - read.length }
}
