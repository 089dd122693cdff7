import type { Faults } from '../faults.ts'
import type { Ids } from '../ids.ts'
import type { Random } from '../random.ts'
import type { Actor, Emission, Mutation, SilentChange } from './mutation.ts'
import type { Store } from './store.ts'
import type { Folder, List, Space, Status, Task, User } from './types.ts'

/** What ClickUp does and nobody has written down, as the switches have it. */
export type Habits = Readonly<
  Pick<
    Faults,
    | 'commentsKeepDateUpdated'
    | 'restoresMoveDateUpdated'
    | 'locationsMoveDateUpdated'
    | 'movedTimeTells'
    | 'intervalIdDiffers'
  >
>

/** What the mutations share. */
export type Context = {
  readonly store: Store
  readonly ids: Ids
  readonly random: Random
  /** ClickUp's clock. */
  now(): number
  readonly habits: Habits
  /** Hands over what was done, once the model has changed. */
  commit(mutation: Mutation): void
  /** Counts every change of the model; equal numbers mean an unchanged world. */
  revision(): number
}

/** A task with the places it lies in. */
export type Located = { readonly task: Task; readonly list: List; readonly folder: Folder; readonly space: Space }

export type Lookup = ReturnType<typeof createLookup>

/** The readers that every part needs. Those that throw are for the fake's own use: the API asks first. */
export function createLookup(store: Store) {
  function existing<T>(value: T | undefined, what: string, id: string | number): T {
    if (value === undefined) throw new Error(`There is no ${what} ${id}.`)
    return value
  }
  const user = (id: number): User => existing(store.users.get(id), 'user', id)
  const space = (id: string): Space => existing(store.spaces.get(id), 'space', id)
  const folder = (id: string): Folder => existing(store.folders.get(id), 'folder', id)
  const list = (id: string): List => existing(store.lists.get(id), 'list', id)

  const statusesOf = (of: List): readonly Status[] => {
    const inFolder = folder(of.folderId)
    return of.statuses ?? inFolder.statuses ?? space(inFolder.spaceId).statuses
  }

  const locate = (task: Task): Located | undefined => {
    const home = store.lists.get(task.listId)
    const inFolder = home && store.folders.get(home.folderId)
    const inSpace = inFolder && store.spaces.get(inFolder.spaceId)
    return inSpace && { task, list: home, folder: inFolder, space: inSpace }
  }

  /** A task that is there, with its places. */
  const living = (id: string): Located => {
    const task = store.tasks.get(id)
    const located = task && !task.deleted ? locate(task) : undefined
    return existing(located, 'task', id)
  }

  const isMember = (of: Space, userId: number) => !of.private || of.memberIds.includes(userId)

  return { user, space, folder, list, statusesOf, locate, living, isMember }
}

/** A mutation made of what happened, at one time. */
export const mutation = (
  name: string,
  actor: Actor,
  date: number,
  emissions: readonly Emission[],
  silent: readonly SilentChange[] = [],
): Mutation => ({ name, actor, date, emissions, silent })
