import { ownChange } from '../../clickup/changes.ts'
import { capped } from '../../ledger/cap.ts'
import type { Change } from '../../ledger/change.ts'
import type { Connection } from '../../platform/connections.ts'
import type { Json } from '../../platform/json.ts'
import { timePart } from '../../platform/tables.ts'
import type { Difference } from '../../tasks/differences.ts'
import type { Known } from '../../tasks/known.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'

type Context = { task: Snapshot; known: Known; connection: Connection; receivedAt: number }

/** A difference that a sweep has found: when it happened, at the latest and at the earliest. */
export type Interval = { at: number; atEarliest: number }

/** The same for what nobody delivered: it has its place in the history at the end of its interval. */
export const sweptChangeOf = (difference: Difference, { at, atEarliest }: Interval, context: Context): Change => ({
  ...taskChangeOf(difference, context),
  origin: 'sweep',
  order: timePart(at),
  at,
  atEarliest,
})

/** A difference as the change that ClickUp would have told: same fields, same values; nobody knows who did it. */
export function taskChangeOf(difference: Difference, { task, known, connection, receivedAt }: Context): Change {
  const { key, since } = difference
  // Not everything moves ClickUp's `date_updated`, and only what is later than the last counts as accounted for.
  const at = task.updatedAt !== null && task.updatedAt > since ? task.updatedAt : Math.max(task.observedAt, since + 1)
  const told = inHistoryTerms(difference, task)
  const resource = { kind: 'task', id: task.id }
  const origin = `version ${known.version} ${key}`
  return {
    ...ownChange({ connection, resource, field: told.field, origin, version: known.version, at, receivedAt }),
    customField: told.customField,
    before: capped(told.before),
    after: capped(told.after),
    atEarliest: since > 0 ? Math.min(at, since) : at,
    listId: task.list?.id ?? null,
  }
}

type Told = { field: string; before: Json; after: Json; customField: Change['customField'] }

function inHistoryTerms({ key, before, after }: Difference, task: Snapshot): Told {
  const [kind = key, id] = key.split(/#(.*)/s)
  if (id === undefined) {
    if (key !== 'list') return { field: key, before, after, customField: null }
    return { field: 'section_moved', before: placeOf(before, null), after: placeOf(after, task), customField: null }
  }
  switch (kind) {
    case 'assignee': {
      const person = { id, name: task.assignees.find((each) => each.id === id)?.name ?? null }
      return after === true
        ? { field: 'assignee_add', before: null, after: person, customField: null }
        : { field: 'assignee_rem', before: person, after: null, customField: null }
    }
    case 'tag':
      return after === true
        ? { field: 'tag', before: null, after: [id], customField: null }
        : { field: 'tag', before: [id], after: null, customField: null }
    default: {
      const field = task.customFields.find((each) => each.id === id)
      return {
        field: 'custom_field',
        before,
        // Compared is what can be compared, told is what the task shows.
        after: after === null ? null : (field?.value ?? after),
        customField: { id, name: field?.name ?? '', type: field?.type ?? 'unknown' },
      }
    }
  }
}

function placeOf(listId: Json, task: Snapshot | null): Json {
  if (typeof listId !== 'string') return null
  // Where it is now says nothing of a list that it has left.
  if (task === null || task.list?.id !== listId) return { list: { id: listId, name: null }, folder: null, space: null }
  const folder = task.folder === null ? null : { id: task.folder.id, name: task.folder.name }
  return { list: task.list, folder, space: task.space }
}
