import * as z from 'zod'
import { capped, OMITTED } from '../ledger/cap.ts'
import { type Json, parseJson } from '../platform/json.ts'
import type { FieldValue } from '../tasks/snapshot.ts'
import { idSchema, nameText, numberSchema, timeSchema } from './scalars.ts'
import { scrubbed } from './scrub.ts'

const optionSchema = z.looseObject({
  id: idSchema,
  name: z.string().nullish(),
  label: z.string().nullish(),
  orderindex: numberSchema.optional(),
})
type Option = z.infer<typeof optionSchema>

/** A custom field as it stands on a task and in a delivery; the value's form depends on which of them it is. */
export const customFieldSchema = z.looseObject({
  id: idSchema,
  name: nameText.catch(''),
  type: nameText.catch('unknown'),
  type_config: z
    .looseObject({ options: z.array(optionSchema).catch([]).optional() })
    .nullish()
    .catch(null),
  value: z.unknown().optional(),
})
export type CustomField = z.infer<typeof customFieldSchema>

/** The field with its value typed; `null` when the field is unset, which ClickUp shows by leaving `value` out. */
export function fieldValue(field: CustomField, storeEmails: boolean): FieldValue | null {
  // Capped as in a change, so that the two can be compared and a snapshot stays an item.
  const value = unlessTooDeep(() => capped(typedValue(field, field.value, storeEmails)))
  return value === null ? null : { id: field.id, name: field.name, type: field.type, value }
}

/** A value that is nested deeper than the stack is left out: the rest of the task is good, and so is the rest of its page. */
function unlessTooDeep(read: () => Json): Json {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return OMITTED
    throw error
  }
}

/**
 * One value, typed by the field's type. A dropdown is read from an order index (reads) as well as from an option's id
 * (deliveries): both become `{id, name}`. A value that does not fit its type is kept as it came, but for personal data.
 */
export function typedValue(field: CustomField, value: unknown, storeEmails: boolean): Json {
  const asItIs = (each: unknown) => scrubbed(each, storeEmails)
  if (value === undefined || value === null || value === '') return null
  const options = field.type_config?.options ?? []
  switch (field.type) {
    case 'drop_down':
      return optionOf(options, value) ?? asItIs(value)
    case 'labels':
      return list(value).map((each) => optionOf(options, each) ?? asItIs(each))
    case 'number':
    case 'currency':
    case 'emoji':
      return numberSchema.parse(value) ?? asItIs(value)
    case 'date':
      return timeSchema.safeParse(value).data ?? asItIs(value)
    case 'checkbox':
      return value === true || value === 'true'
    case 'users':
      return list(value).map((each) => personOf(each) ?? asItIs(each))
    case 'tasks':
      return list(value).map((each) => namedOf(each) ?? asItIs(each))
    default:
      return asItIs(value)
  }
}

/** Reads have a list, deliveries a text with one. */
function list(value: unknown): unknown[] {
  const listed = typeof value === 'string' && value.startsWith('[') ? parseJson(value) : value
  return Array.isArray(listed) ? listed : [value]
}

function optionOf(options: Option[], value: unknown): Json {
  const option = options.find((each) => each.id === value) ?? options.find((each) => isIndexOf(each, value))
  if (option === undefined) return null
  return { id: option.id, name: option.name ?? option.label ?? null }
}

/** An index is a number or digits; an absent `orderindex` is no zero. */
function isIndexOf(option: Option, value: unknown): boolean {
  const index = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? Number(value) : null
  return index !== null && option.orderindex === index
}

function personOf(value: unknown): Json {
  const person = z.looseObject({ id: idSchema, username: z.string().nullish() }).safeParse(value)
  return person.success ? { id: person.data.id, name: person.data.username ?? null } : null
}

function namedOf(value: unknown): Json {
  const named = z.looseObject({ id: idSchema, name: z.string().nullish() }).safeParse(value)
  return named.success ? { id: named.data.id, name: named.data.name ?? null } : null
}
