import * as z from 'zod'
import type { Field, FieldValue } from './types.ts'

/** Why a value was not taken: the code that ClickUp answers with. */
type FieldProblem = { readonly kind: 'problem'; readonly code: 'FIELD_011' | 'FIELD_017' | 'FIELD_342' }
type Parsed = FieldValue | FieldProblem | { readonly kind: 'cleared' }

const INVALID: FieldProblem = { kind: 'problem', code: 'FIELD_342' }
const numeric = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform(Number)
  .pipe(z.number())
const addRem = <Of extends z.ZodType>(of: Of) => z.object({ add: z.array(of).optional(), rem: z.array(of).optional() })
const usersSchema = addRem(numeric)
const tasksSchema = addRem(z.string())
const labelsSchema = z.array(z.string())
const locationSchema = z.object({
  location: z.object({ lat: z.number(), lng: z.number() }),
  formatted_address: z.string().default(''),
})
const progressSchema = z.object({ current: numeric })
const checkboxSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])

/** A new set made of an old one, what is added and what is removed. */
function merged<T>(old: readonly T[], add: readonly T[] = [], rem: readonly T[] = []): T[] {
  const removed = new Set(rem)
  return [...new Set([...old, ...add])].filter((each) => !removed.has(each))
}

/** A value as the API takes it, for a field of this kind. `old` is what `add` and `rem` refer to. */
export function parseFieldValue(field: Field, value: unknown, old: FieldValue | undefined): Parsed {
  if (value === null || value === undefined || value === '') return { kind: 'cleared' }
  switch (field.type) {
    case 'drop_down': {
      const option = field.options.find((each, index) => each.id === value || String(index) === String(value))
      return option ? { kind: 'option', optionId: option.id } : { kind: 'problem', code: 'FIELD_011' }
    }
    case 'labels': {
      const labels = labelsSchema.safeParse(value)
      const known = labels.success && labels.data.every((id) => field.options.some((option) => option.id === id))
      return known
        ? { kind: 'labels', optionIds: merged<string>([], labels.data) }
        : { kind: 'problem', code: 'FIELD_011' }
    }
    case 'date': {
      const at = numeric.safeParse(value)
      return at.success ? { kind: 'date', at: at.data } : { kind: 'problem', code: 'FIELD_017' }
    }
    case 'number':
    case 'currency':
    case 'emoji': {
      const number = numeric.safeParse(value)
      return number.success ? { kind: 'number', value: number.data } : INVALID
    }
    case 'checkbox': {
      const checked = checkboxSchema.safeParse(value)
      return checked.success ? { kind: 'checkbox', checked: checked.data } : INVALID
    }
    case 'users': {
      const users = usersSchema.safeParse(value)
      const before = old?.kind === 'users' ? old.userIds : []
      return users.success ? { kind: 'users', userIds: merged(before, users.data.add, users.data.rem) } : INVALID
    }
    case 'tasks': {
      const tasks = tasksSchema.safeParse(value)
      const before = old?.kind === 'tasks' ? old.taskIds : []
      return tasks.success ? { kind: 'tasks', taskIds: merged(before, tasks.data.add, tasks.data.rem) } : INVALID
    }
    case 'manual_progress': {
      const progress = progressSchema.safeParse(value)
      return progress.success ? { kind: 'progress', current: progress.data.current } : INVALID
    }
    case 'location': {
      const location = locationSchema.safeParse(value)
      if (!location.success) return INVALID
      return { kind: 'location', ...location.data.location, address: location.data.formatted_address }
    }
    case 'automatic_progress':
      return INVALID
    case 'url':
    case 'email':
    case 'phone':
    case 'short_text':
    case 'text':
      return typeof value === 'string' ? { kind: 'text', text: value } : INVALID
  }
}

/** A value as history items carry it: a string whatever the type, an option by its id; null where there is none. */
export function rawFieldValue(value: FieldValue | undefined): string | null {
  if (value === undefined) return null
  switch (value.kind) {
    case 'text':
      return value.text
    case 'option':
      return value.optionId
    case 'labels':
      return JSON.stringify(value.optionIds)
    case 'date':
      return String(value.at)
    case 'number':
      return String(value.value)
    case 'checkbox':
      return String(value.checked)
    case 'users':
      return JSON.stringify(value.userIds)
    case 'tasks':
      return JSON.stringify(value.taskIds)
    case 'progress':
      return JSON.stringify({ current: value.current })
    case 'location':
      return JSON.stringify({
        location: { lat: value.lat, lng: value.lng },
        formatted_address: value.address,
      })
  }
}
