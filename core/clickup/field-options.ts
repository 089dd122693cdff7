import { body, type FieldBody, type FieldInput, type Unfit, unfit } from './field-body.ts'
import type { FieldSchema } from './field-schemas.ts'

/** An option by its id or its name; names in any case, where only one is so called. */
function optionOf(field: FieldSchema, wanted: unknown): string | null {
  const { options } = field
  const exact = options.find(({ id, name }) => id === wanted || name === wanted)
  if (exact !== undefined || typeof wanted !== 'string') return exact?.id ?? null
  const alike = options.filter(({ name }) => name.trim().toLowerCase() === wanted.trim().toLowerCase())
  return alike.length === 1 ? (alike[0]?.id ?? null) : null
}

const named = (field: FieldSchema) => field.options.map(({ name }) => `"${name}"`).join(', ') || 'none yet'

/** An option of a dropdown. */
export function optionBody(field: FieldSchema, input: FieldInput): FieldBody | Unfit {
  const id = optionOf(field, input)
  if (id !== null) return body(id)
  return unfit(`The field "${field.name}" has no option ${shown(input)}. Its options are ${named(field)}.`, true)
}

/** The labels that shall stand. */
export function labelsBody(field: FieldSchema, input: FieldInput): FieldBody | Unfit {
  if (!Array.isArray(input)) return unfit(`The field "${field.name}" takes a list of labels: ${named(field)}.`)
  const wanted: unknown[] = input
  const ids = wanted.map((each) => optionOf(field, each))
  const missing = wanted.find((_, i) => ids[i] === null)
  if (missing === undefined) return body([...new Set(ids)])
  return unfit(`The field "${field.name}" has no label ${shown(missing)}. Its labels are ${named(field)}.`, true)
}

const shown = (value: unknown) => (typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'undefined'))
