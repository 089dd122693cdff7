import * as z from 'zod'
import type { Json } from '../platform/json.ts'
import { customFieldSchema, typedValue } from './custom-fields.ts'
import type { HistoryItem } from './delivery.ts'
import { idSchema, numberSchema, timeSchema, userSchema } from './scalars.ts'
import { scrubbed } from './scrub.ts'

export type ValueOptions = {
  storeComments: boolean
  storeEmails: boolean
  /** The id that a delivery gives a time entry beside its history item: in one that was captured it was another than there. */
  intervalId?: string | undefined
}

/** Before and after of a history item in our own terms; a form that nobody knows yet is kept as it came. */
export function valuesOf(item: HistoryItem, options: ValueOptions): { before: Json; after: Json } {
  const read = reader(item, options)
  return { before: read(item.before), after: read(item.after) }
}

function reader(item: HistoryItem, options: ValueOptions): (value: unknown) => Json {
  const known = (schema: z.ZodType<Json>) => (value: unknown) => {
    if (value === undefined || value === null) return null
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : scrubbed(value, options.storeEmails)
  }
  switch (item.field) {
    case 'status':
      return known(statusValue)
    case 'priority':
      return known(priorityValue)
    case 'assignee_add':
    case 'assignee_rem':
    case 'watcher_add':
    case 'watcher_rem':
      return known(personValue(options.storeEmails))
    case 'due_date':
    case 'start_date':
      return known(timeSchema)
    case 'time_estimate':
    case 'points':
      return known(numberSchema)
    case 'tag':
    case 'tag_removed':
      return known(tagsValue)
    case 'section_moved':
      return known(placeValue)
    case 'time_spent':
      return known(timeEntryValue(options.intervalId))
    case 'comment':
      return (value) => commentValue(item, value, options)
    case 'custom_field': {
      const field = customFieldSchema.safeParse(item.custom_field)
      return (value) =>
        field.success ? typedValue(field.data, value, options.storeEmails) : scrubbed(value, options.storeEmails)
    }
    default:
      return (value) => scrubbed(value, options.storeEmails)
  }
}

/** A status that was there before the task was made is `null`, however it is written. */
const statusValue = z
  .looseObject({ status: z.string().nullable(), type: z.string() })
  .transform((value): Json => (value.status === null ? null : { name: value.status, type: value.type }))

const priorityValue = z
  .looseObject({ id: idSchema, priority: z.string() })
  .transform((value): Json => ({ id: value.id, name: value.priority }))

const personValue = (storeEmails: boolean) =>
  userSchema.transform((user): Json => {
    const person = { id: user.id, name: user.username ?? null }
    return storeEmails && user.email ? { ...person, email: user.email } : person
  })

const tagsValue = z.array(z.looseObject({ name: z.string() })).transform((tags): Json => tags.map((tag) => tag.name))

const named = z.looseObject({ id: idSchema, name: z.string().nullish() })
const asNamed = (value: z.infer<typeof named> | null | undefined) =>
  value ? { id: value.id, name: value.name ?? null } : null

/** In a move, ClickUp calls the folder `category` and the space `project`. */
const placeValue = named
  .extend({ category: named.nullish(), project: named.nullish() })
  .transform(
    (value): Json => ({ list: asNamed(value), folder: asNamed(value.category), space: asNamed(value.project) }),
  )

const timeEntryValue = (intervalId: string | undefined) =>
  z
    .looseObject({ id: idSchema, start: timeSchema.nullish(), end: timeSchema.nullish(), time: numberSchema })
    .transform((entry): Json => {
      const value = {
        id: entry.id,
        startAt: entry.start ?? null,
        endAt: entry.end ?? null,
        durationMs: entry.time,
      }
      return intervalId === undefined || intervalId === entry.id ? value : { ...value, intervalId }
    })

const commentSchema = z.looseObject({ text_content: z.string() })

function commentValue(item: HistoryItem, value: unknown, options: ValueOptions): Json {
  const id = idSchema.safeParse(value)
  if (!id.success) return null
  const comment = commentSchema.safeParse(item.comment)
  return options.storeComments && comment.success ? { id: id.data, text: comment.data.text_content } : { id: id.data }
}
