import { TASK_DETAIL_TYPES } from '../publish/detail-types.ts'

/** What a subscriber wants to hear of: everything that is given has to hold, of several values in one part any. Places and people by id. */
export type Wanted = {
  /** Of tasks: ClickUp's names of what changed. */
  fields: readonly string[]
  /** Detail types, as on the bus. */
  types: readonly string[]
  from: string | undefined
  to: string | undefined
  /** A custom field by its name or id. */
  customField: string | undefined
  lists: readonly string[]
  folders: readonly string[]
  spaces: readonly string[]
  connections: readonly string[]
  /** Origins that are wanted, all where none is given; and those that are not. */
  origins: readonly string[]
  notOrigins: readonly string[]
  /** Not what the connection's own user does, so that a subscriber that writes to ClickUp does not answer itself. */
  notOwn: boolean
}

/** Words that people say for what ClickUp calls by several names, or by one that nobody would guess. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['assignee', ['assignee_add', 'assignee_rem']],
  ['watcher', ['watcher_add', 'watcher_rem']],
  ['tag', ['tag', 'tag_removed']],
  ['list', ['section_moved', 'list']],
  ['created', ['task_creation']],
  ['deleted', ['deletion']],
  ['description', ['content']],
  ['estimate', ['time_estimate']],
  ['time', ['time_spent']],
])

/** The fields that a word of an operator means; one that nobody knows yet is taken as it is. */
export function fieldsOf(text: string): readonly string[] {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  return WORDS.get(word) ?? [word]
}

/** Whether Hookline has a name of its own for a change of this field. */
export const isKnownField = (field: string): boolean => Object.hasOwn(TASK_DETAIL_TYPES, field)

/** All that an operator may say, for help texts. */
export const FIELD_WORDS: readonly string[] = [
  ...new Set(['status', 'priority', ...WORDS.keys(), ...Object.keys(TASK_DETAIL_TYPES)]),
]
