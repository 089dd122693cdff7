import { type ByUpdate, createByUpdate } from './by-update.ts'
import type { Task } from './types.ts'

/** How far back a read may ever lag. */
const VERSIONS_KEPT_MS = 15_000

export type TaskStore = {
  /** The task as it is now, deleted ones included. */
  get(id: string): Task | undefined
  /** The task as it was at a time; before its birth, undefined. */
  asOf(id: string, at: number): Task | undefined
  /** The oldest version that is still known. */
  oldest(id: string): Task | undefined
  put(task: Task, at: number): Task
  ids(): readonly string[]
  /** Tasks that are or once were in the list, home or not: a superset, so that a lagging read can still find them. */
  everIn(listId: string): Iterable<string>
  /** Tasks that were updated after a time: a superset of those that a lagging read shows so, as no update moves back. */
  updatedAfter(time: number): Iterable<string>
  /** Tasks by their last update, of which none is as early as `after` or as late as `before`; ties in any order. */
  byUpdate(after: number, before: number, rising: boolean): Iterable<string>
  /** Every task, or those that were ever in a list, by its birth; ties in any order. */
  byBirth(listId: string | undefined, rising: boolean): Iterable<string>
  subtaskIds(parentId: string): readonly string[]
  idOfCustomId(customId: string): string | undefined
}

type Version = { readonly at: number; readonly task: Task }

/** Tasks with their recent versions. Deleted tasks stay: they can be restored, and a lagging read still sees them. */
export function createTaskStore(): TaskStore {
  const versionsById = new Map<string, Version[]>()
  const ids: string[] = []
  const byList = new Map<string, Set<string>>()
  const byParent = new Map<string, string[]>()
  const byCustomId = new Map<string, string>()
  const byUpdate = createByUpdate()
  const byBirth = createByUpdate()
  const byListAndBirth = new Map<string, ByUpdate>()

  const index = (listId: string, task: Task) => {
    const members = byList.get(listId) ?? new Set<string>()
    if (members.has(task.id)) return
    byList.set(listId, members.add(task.id))
    const births = byListAndBirth.get(listId) ?? createByUpdate()
    byListAndBirth.set(listId, births)
    births.note(task.id, task.createdAt)
  }

  const enter = (task: Task) => {
    ids.push(task.id)
    byBirth.note(task.id, task.createdAt)
    if (task.customId !== null) byCustomId.set(task.customId, task.id)
    if (task.parentId === null) return
    const siblings = byParent.get(task.parentId)
    if (siblings) siblings.push(task.id)
    else byParent.set(task.parentId, [task.id])
  }

  return {
    get: (id) => versionsById.get(id)?.at(-1)?.task,
    asOf: (id, at) => versionsById.get(id)?.findLast((version) => version.at <= at)?.task,
    oldest: (id) => versionsById.get(id)?.[0]?.task,
    put: (task, at) => {
      const versions = versionsById.get(task.id)
      if (versions === undefined) {
        versionsById.set(task.id, [{ at, task }])
        enter(task)
      } else {
        versions.push({ at, task })
        while (versions.length > 2 && (versions[1]?.at ?? at) < at - VERSIONS_KEPT_MS) versions.shift()
      }
      byUpdate.note(task.id, task.updatedAt)
      index(task.listId, task)
      for (const listId of task.otherListIds) index(listId, task)
      return task
    },
    ids: () => ids,
    everIn: (listId) => byList.get(listId) ?? [],
    updatedAfter: byUpdate.after,
    byUpdate: byUpdate.between,
    byBirth: (listId, rising) => {
      const births = listId === undefined ? byBirth : byListAndBirth.get(listId)
      return births?.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, rising) ?? []
    },
    subtaskIds: (parentId) => byParent.get(parentId) ?? [],
    idOfCustomId: (customId) => byCustomId.get(customId),
  }
}
