import type { Hierarchy } from '../../sync/hierarchy.ts'
import { listTasks, type TaskList, type TasksTable } from '../../tasks/list.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import type { Scope } from '../material.ts'
import type { ScopeTest } from './scope.ts'

/** What facts are made of; custom fields and people who merely watch take up most of a snapshot and are no part of them. */
export type ScopeTask = Pick<
  Snapshot,
  | ('id' | 'name' | 'list' | 'locations' | 'space' | 'status' | 'priority' | 'assignees' | 'tags' | 'url')
  | ('createdAt' | 'updatedAt' | 'doneAt' | 'closedAt' | 'state' | 'observedAt')
>

export function scopeTaskOf(task: Snapshot): ScopeTask {
  const { id, name, list, locations, space, status, priority, assignees, tags, url } = task
  const { createdAt, updatedAt, doneAt, closedAt, state, observedAt } = task
  return {
    ...{ id, name, list, locations, space, status, priority, assignees, tags, url },
    ...{ createdAt, updatedAt, doneAt, closedAt, state, observedAt },
  }
}

export type ScopeTasks = {
  /** By id; those that are gone included, because a deletion is told, too. */
  tasks: Map<string, ScopeTask>
  unreadable: number
  cut: boolean
}

/** Beyond this the memory of a function would not do; and nobody reads a summary of so much. */
const MOST_TASKS = 100_000

type Place = Pick<Parameters<typeof listTasks>[1], 'listId' | 'spaceId'>

/**
 * The tasks of a scope as they were last read from ClickUp. An index knows the list only that a task lives in, so what was
 * added to a list is looked for in all spaces, one after the other: only the largest one has to fit into the memory. The table is
 * never scanned: it has all connections in it, and whoever tells of one has no right to.
 */
export async function readScopeTasks(
  table: TasksTable,
  { connection, lists, spaces }: Scope,
  { test, hierarchy }: { test: ScopeTest; hierarchy: Hierarchy | null },
): Promise<ScopeTasks> {
  const tasks: ScopeTasks['tasks'] = new Map()
  let cut = false
  let read = 0
  async function readAll(places: readonly Place[]): Promise<number> {
    let unreadable = 0
    for (const place of places) {
      const query = { connection, ...place, status: undefined, gone: true, limit: MOST_TASKS - read }
      const found: TaskList = await listTasks(table, query)
      for (const task of found.tasks) if (test.has(task)) tasks.set(task.id, scopeTaskOf(task))
      read += found.tasks.length
      unreadable += found.unreadable
      cut ||= found.cut !== null
    }
    return unreadable
  }
  const inSpaces = (ids: readonly string[]) => ids.map((spaceId): Place => ({ listId: undefined, spaceId }))
  const everywhere =
    hierarchy === null ? [] : inSpaces([...hierarchy.spaces.map(({ id }) => id), ...(hierarchy.unreadable ?? [])])
  // Nothing was listed yet: what has changed is told all the same, and that of the rest something may be missing.
  if (hierarchy === null && (test.isAll || lists.length > 0)) cut = true
  if (test.isAll) return { unreadable: await readAll(everywhere), tasks, cut }
  const ofSpaces = await readAll(inSpaces(spaces))
  const ofLists = await readAll(lists.map((listId) => ({ listId, spaceId: undefined })))
  const elsewhere = everywhere.filter(({ spaceId = '' }) => !spaces.includes(spaceId))
  const around = lists.length === 0 ? 0 : await readAll(elsewhere)
  // The same items are met on both ways.
  return { unreadable: ofSpaces + Math.max(ofLists, around), tasks, cut }
}
