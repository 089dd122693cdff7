import * as z from 'zod'
import { isOmitted } from '../../ledger/cap.ts'
import type { Recorded } from '../../ledger/history.ts'
import type { FieldValue, Snapshot } from '../../tasks/snapshot.ts'
import { dayOf } from '../span.ts'
import type { TaskKnowledge } from './knowledge.ts'
import { descriptionWords, readable } from './readable.ts'

/** A text before it has an id. `label` is made by code, `text` holds what people wrote. */
export type TaskText = { label: string; text: string; changeIds: readonly string[] }

export type TextContext = {
  /** Of the connection's own user; null where it is not known. */
  selfId: string | null
  /** Whether a field is one that we fill. */
  isOwnField(field: { id: string; name: string }): boolean
  refOf(person: { id: string; name: string | null }): string | null
  timeZone: string
}

const MOST_OF_A_DESCRIPTION = 8_000
const MOST_OF_A_COMMENT = 1_500
const MOST_OF_A_FIELD = 400
const MOST_COMMENTS = 20
const MOST_FIELDS = 30
const MOST_SHIFTS = 5

/** What people have written about a task, what matters most first, as far as it is stored. */
export function taskTexts({ changes }: TaskKnowledge, snapshot: Snapshot, context: TextContext): TaskText[] {
  const texts = [
    ...descriptionOf(changes),
    ...dueDates(changes, snapshot, context),
    ...tagsOf(snapshot),
    ...fieldsOf(snapshot, context),
    ...commentsOf(changes, context),
  ]
  return texts.filter(({ text }) => text !== '')
}

/** As the ledger last told it. A task of before the connection has told none, and a read keeps none. */
function descriptionOf(changes: readonly Recorded[]): TaskText[] {
  const last = changes.findLast(({ field }) => field === 'content')
  if (last === undefined || typeof last.after !== 'string') return []
  return [
    { label: 'description', text: readable(descriptionWords(last.after), MOST_OF_A_DESCRIPTION), changeIds: [last.id] },
  ]
}

function dueDates(changes: readonly Recorded[], { dueAt }: Snapshot, { timeZone }: TextContext): TaskText[] {
  const shifts = changes.filter(({ field }) => field === 'due_date').slice(-MOST_SHIFTS)
  const day = (at: unknown) => (typeof at === 'number' && isDate(at) ? dayOf(at, timeZone) : 'none')
  const told = shifts.map(({ before, after, at }) => `${day(before)} to ${day(after)} on ${dayOf(at, timeZone)}`)
  if (dueAt === null && told.length === 0) return []
  const shifted = told.length === 0 ? '' : `; changed from ${told.join(', from ')}`
  return [{ label: 'due date', text: `${day(dueAt)}${shifted}`, changeIds: shifts.map(({ id }) => id) }]
}

/** What a calendar can show; somebody may have set any number. */
const isDate = (at: number) => Number.isInteger(at) && Math.abs(at) <= 8.64e15

const tagsOf = ({ tags }: Snapshot): TaskText[] =>
  tags.length === 0 ? [] : [{ label: 'tags', text: readable(tags.join(', '), MOST_OF_A_FIELD), changeIds: [] }]

function fieldsOf({ customFields }: Snapshot, { isOwnField, timeZone }: TextContext): TaskText[] {
  return customFields
    .filter((field) => !isOwnField(field))
    .slice(0, MOST_FIELDS)
    .flatMap((field) => {
      const value = shownValue(field, timeZone)
      if (value === null) return []
      return [{ label: 'custom field', text: readable(`${field.name}: ${value}`, MOST_OF_A_FIELD), changeIds: [] }]
    })
}

const optionSchema = z.looseObject({ name: z.string() })

/** A value as a text; null of types that hold addresses and people, and of those that say nothing in words. */
function shownValue({ type, value }: FieldValue, timeZone: string): string | null {
  if (isOmitted(value)) return null
  switch (type) {
    case 'text':
    case 'short_text':
      return typeof value === 'string' ? value : null
    case 'drop_down':
      return optionSchema.safeParse(value).data?.name ?? null
    case 'labels': {
      const names = Array.isArray(value) ? value.flatMap((each) => optionSchema.safeParse(each).data?.name ?? []) : []
      return names.length === 0 ? null : names.join(', ')
    }
    case 'number':
    case 'currency':
    case 'emoji':
      return typeof value === 'number' ? String(value) : null
    case 'checkbox':
      return value === true ? 'yes' : 'no'
    case 'date':
      return typeof value === 'number' && isDate(value) ? dayOf(value, timeZone) : null
    default:
      return null
  }
}

const commentSchema = z.looseObject({ id: z.string(), text: z.string().nullable().catch(null) })

/**
 * What others have said, the newest first, each as it was last edited. Ours are never among them: where our own user is not
 * known, or nobody knows who wrote one, it may be ours.
 */
function commentsOf(changes: readonly Recorded[], { selfId, refOf, timeZone }: TextContext): TaskText[] {
  if (selfId === null) return []
  const ours = new Set<string>()
  const comments = new Map<string, TaskText & { at: number }>()
  for (const { id: changeId, field, after, actor, at } of changes) {
    const comment = commentSchema.safeParse(after)
    if (field !== 'comment' || actor === null || !comment.success) continue
    const { id, text } = comment.data
    // An administrator may edit what is ours: it stays ours.
    if (actor.id === selfId) ours.add(id)
    if (ours.has(id) || text === null) continue
    const label = `comment by ${refOf(actor) ?? 'somebody'} on ${dayOf(at, timeZone)}`
    comments.set(id, { label, text: readable(text, MOST_OF_A_COMMENT), changeIds: [changeId], at })
  }
  return [...comments.values()]
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_COMMENTS)
    .map(({ at: _at, ...text }) => text)
}
