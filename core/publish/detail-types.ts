import type { Change } from '../ledger/change.ts'

/**
 * The detail type of every event on the bus, by the kind of resource and what changed: the one home of their names.
 * It comes from the change alone, so it does not matter under which of its events ClickUp delivered it first.
 */
export const TASK_DETAIL_TYPES: Readonly<Record<string, string>> = {
  task_creation: 'Task Created',
  deletion: 'Task Deleted',
  status: 'Task Status Changed',
  priority: 'Task Priority Changed',
  assignee_add: 'Task Assignee Added',
  assignee_rem: 'Task Assignee Removed',
  watcher_add: 'Task Watcher Added',
  watcher_rem: 'Task Watcher Removed',
  due_date: 'Task Due Date Changed',
  start_date: 'Task Start Date Changed',
  tag: 'Task Tags Changed',
  tag_removed: 'Task Tags Changed',
  section_moved: 'Task Moved',
  list: 'Task Moved',
  comment: 'Comment Changed',
  time_estimate: 'Task Time Estimate Changed',
  time_spent: 'Task Time Tracked Changed',
  points: 'Task Points Changed',
  custom_field: 'Task Custom Field Changed',
  name: 'Task Name Changed',
  content: 'Task Description Changed',
  parent: 'Task Parent Changed',
  expansion: 'Task Expanded',
  backfill: 'Task Backfilled',
}

/** A field that nobody knows yet has an event all the same; `field` names it. */
export const OTHER_TASK_FIELD = 'Task Field Changed'

export const PLACE_KINDS: Readonly<Record<string, string>> = {
  list: 'List',
  folder: 'Folder',
  space: 'Space',
  goal: 'Goal',
}

/** What happens to a list, folder, space or goal; every other field is `<Kind> Changed`. */
export const PLACE_VERBS: Readonly<Record<string, string>> = {
  creation: 'Created',
  deletion: 'Deleted',
  restoration: 'Restored',
  name: 'Name Changed',
}

/** An event about something that Hookline does not know yet. */
export const UNKNOWN_RESOURCE = 'Resource Changed'

export function detailTypeOf({ resource, field }: Pick<Change, 'resource' | 'field'>): string {
  if (resource.kind === 'task') return own(TASK_DETAIL_TYPES, field) ?? OTHER_TASK_FIELD
  const kind = own(PLACE_KINDS, resource.kind)
  return kind === undefined ? UNKNOWN_RESOURCE : `${kind} ${own(PLACE_VERBS, field) ?? 'Changed'}`
}

/** Kinds and fields are the provider's words: one that is called `constructor` must not find the one of every object. */
const own = (names: Readonly<Record<string, string>>, key: string) =>
  Object.hasOwn(names, key) ? names[key] : undefined

export const DETAIL_TYPES: readonly string[] = [
  ...new Set([
    ...Object.values(TASK_DETAIL_TYPES),
    OTHER_TASK_FIELD,
    ...Object.values(PLACE_KINDS).flatMap((kind) =>
      [...Object.values(PLACE_VERBS), 'Changed'].map((verb) => `${kind} ${verb}`),
    ),
    UNKNOWN_RESOURCE,
  ]),
]
