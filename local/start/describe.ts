import type { Json } from '../../core/platform/json.ts'
import type { ChangeEvent } from '../../core/publish/event.ts'

/** What changed, in a few words: `in progress → in review`. */
export function describeChange({ field, before, after, customField, location }: ChangeEvent): string {
  switch (field) {
    case 'status':
    case 'priority':
    case 'section_moved':
      return arrow(nameOf(before), nameOf(after))
    case 'assignee_add':
      return `+ ${nameOf(after)}`
    case 'assignee_rem':
      return `− ${nameOf(before ?? after)}`
    case 'tag':
    case 'tag_removed':
      return [...listOf(before).map((tag) => `− ${tag}`), ...listOf(after).map((tag) => `+ ${tag}`)].join(', ')
    case 'due_date':
    case 'start_date':
      return arrow(dayOf(before), dayOf(after))
    case 'time_estimate':
      return arrow(hoursOf(before), hoursOf(after))
    case 'time_spent':
      return arrow(before === null ? null : hoursOf(member(before, 'durationMs')), hoursOf(member(after, 'durationMs')))
    case 'comment':
      return textOf(member(after, 'text')) ?? '(text not kept)'
    case 'content':
      return 'text edited'
    case 'custom_field':
      return `${customField?.name ?? 'field'}: ${arrow(textOf(before), textOf(after))}`
    case 'task_creation':
      return `in ${location.list?.name ?? 'its list'}`
    case 'creation':
    case 'deletion':
    case 'restoration':
      return ''
    default:
      return arrow(textOf(before), textOf(after))
  }
}

/** What it happened to. */
export function describeResource({ resource, task, before, after }: ChangeEvent): string {
  if (task?.name) return task.name
  const unnamed = `${resource.kind} ${resource.id}`
  // A task's before and after may be things with names of their own; a place that comes or goes is told whole.
  if (resource.kind === 'task') return unnamed
  return textOf(member(after, 'name')) ?? textOf(member(before, 'name')) ?? unnamed
}

/** `Maria O.`: enough to know who, and short enough for a column. */
export function describePerson(name: string | null | undefined): string {
  const [first = NOTHING, ...others] = (name ?? '').split(/\s+/).filter(Boolean)
  const last = others.at(-1)
  return last === undefined ? first : `${first} ${[...last][0] ?? ''}.`
}

const NOTHING = '–'

/** What was not there before needs no arrow. */
const arrow = (before: string | null, after: string | null) =>
  before === null ? (after ?? NOTHING) : `${before} → ${after ?? NOTHING}`

function member(value: Json, key: string): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  return value[key] ?? null
}

/** Of a status, a priority, a person, or the list of a place. */
const nameOf = (value: Json): string | null =>
  textOf(member(value, 'name')) ?? textOf(member(member(value, 'list'), 'name'))

const listOf = (value: Json): string[] => (Array.isArray(value) ? value.map((each) => textOf(each) ?? '') : [])

function textOf(value: Json): string | null {
  if (value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map((each) => textOf(each) ?? '').join(', ') || null
  return textOf(member(value, 'name')) ?? textOf(member(value, 'username')) ?? JSON.stringify(value)
}

const dayOf = (value: Json) => (typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : textOf(value))

function hoursOf(value: Json): string | null {
  if (typeof value !== 'number') return textOf(value)
  const minutes = Math.round(value / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
}
