import { isLost, isOmitted } from '../ledger/cap.ts'
import type { Change } from '../ledger/change.ts'
import type { Json } from '../platform/json.ts'
import { comparable } from './comparable.ts'
import type { Snapshot } from './snapshot.ts'

/** Accounts for the making of a list, folder, space or goal: it is told once, whichever of its first events came first. */
export const BORN = 'born'

type Fact = { key: string; value: Json; at: number }

/** What a change explains. Fields of which nothing can be read back explain nothing. */
export function factsOf(change: Change): Fact[] {
  if (isLost(change.after)) return []
  return change.resource.kind === 'task' ? factsOfTask(change) : factsOfPlace(change)
}

/** A list, folder, space or goal appears with all its fields at once; then they change one by one. */
function factsOfPlace({ field, after, at }: Change): Fact[] {
  switch (field) {
    case 'creation':
      return [...Object.entries(membersOf(after)), [BORN, true] as const].map(([key, value]) => ({ key, value, at }))
    case 'restoration':
      return Object.entries(membersOf(after)).map(([key, value]) => ({ key, value, at }))
    case 'deletion':
      return [{ key: 'state', value: 'deleted', at }]
    default:
      return [{ key: field, value: after, at }]
  }
}

function factsOfTask(change: Change): Fact[] {
  const { field, after, before, at } = change
  switch (field) {
    case 'assignee_add':
      return idOf(after).map((id) => ({ key: `assignee#${id}`, value: true, at }))
    case 'assignee_rem':
      return [...idOf(before), ...idOf(after)].map((id) => ({ key: `assignee#${id}`, value: false, at }))
    case 'tag':
    case 'tag_removed':
      return [
        ...namesOf(before).map((name) => ({ key: `tag#${name}`, value: false, at })),
        ...namesOf(after).map((name) => ({ key: `tag#${name}`, value: true, at })),
      ]
    case 'section_moved':
      return idOf(memberOf(after, 'list')).map((id) => ({ key: 'list', value: id, at }))
    case 'custom_field':
      return change.customField === null ? [] : factOfField(change.customField, after, at)
    case 'comment':
    case 'content':
    case 'time_spent':
    case 'task_creation':
    case 'deletion':
    case 'event':
      return []
    default:
      return [{ key: field, value: after, at }]
  }
}

function factOfField({ id, type }: { id: string; type: string }, shown: Json, at: number): Fact[] {
  const value = comparable(type, shown)
  return value === undefined ? [] : [{ key: `custom_field#${id}`, value, at }]
}

/** A snapshot in the same terms, so that the two can be compared. */
export function factsOfSnapshot(task: Snapshot): Map<string, Json> {
  const facts = new Map<string, Json>([
    ['name', task.name],
    ['status', task.status],
    ['priority', task.priority],
    ['list', task.list?.id ?? null],
    ['due_date', task.dueAt],
    ['start_date', task.startAt],
    ['time_estimate', task.timeEstimateMs],
    ['points', task.points],
    ['parent', task.parentId],
  ])
  for (const { id } of task.assignees) facts.set(`assignee#${id}`, true)
  for (const tag of task.tags) facts.set(`tag#${tag}`, true)
  for (const { value: shown, ...field } of task.customFields)
    for (const { key, value } of factOfField(field, shown, 0)) if (value !== null) facts.set(key, value)
  return facts
}

const membersOf = (value: Json | undefined): Record<string, Json> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !isOmitted(value) ? value : {}

const memberOf = (value: Json | undefined, key: string): Json | undefined => membersOf(value)[key]

function idOf(value: Json | undefined): string[] {
  const id = memberOf(value, 'id')
  return typeof id === 'string' ? [id] : []
}

const namesOf = (value: Json): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
