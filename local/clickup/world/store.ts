import { createTaskStore, type TaskStore } from './task-store.ts'
import type { Comment, Field, Folder, Goal, List, Space, Tag, TimeEntry, User } from './types.ts'

/** A task's time in one status; `until` is null while it lasts. */
type StatusStay = { readonly statusId: string; readonly since: number; until: number | null }

export type Workspace = { readonly id: string; readonly name: string; readonly color: string }

/** Everything the fake knows. Places that were deleted are gone from their maps. */
export type Store = {
  readonly workspace: Workspace
  readonly users: Map<number, User>
  readonly spaces: Map<string, Space>
  readonly folders: Map<string, Folder>
  readonly lists: Map<string, List>
  readonly fields: Map<string, Field>
  readonly tasks: TaskStore
  readonly stays: Map<string, StatusStay[]>
  readonly comments: Map<string, Comment>
  readonly commentIdsByTask: Map<string, string[]>
  readonly timeEntries: Map<string, TimeEntry>
  readonly timeEntryIdsByTask: Map<string, Set<string>>
  readonly goals: Map<string, Goal>
  /** Tags as each space first used them. */
  readonly tagsBySpace: Map<string, Map<string, Tag>>
  readonly customIdCounters: Map<string, number>
}

export const createStore = (workspace: Workspace): Store => ({
  workspace,
  users: new Map(),
  spaces: new Map(),
  folders: new Map(),
  lists: new Map(),
  fields: new Map(),
  tasks: createTaskStore(),
  stays: new Map(),
  comments: new Map(),
  commentIdsByTask: new Map(),
  timeEntries: new Map(),
  timeEntryIdsByTask: new Map(),
  goals: new Map(),
  tagsBySpace: new Map(),
  customIdCounters: new Map(),
})
