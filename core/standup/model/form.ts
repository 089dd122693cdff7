import * as z from 'zod'

/** A JSON Schema as all providers take it. */
export type Form = { readonly [key: string]: unknown }

/** Told apart by zod when the answer is read; some providers refuse a schema that has them. */
const BOUNDS = new Set([
  ...['default', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', '$schema', 'examples', 'id'],
])

/**
 * The JSON Schema that a provider is made to keep to: every object has all of its members and no others, which OpenAI's strict
 * mode demands and the others take. https://platform.openai.com/docs/guides/structured-outputs
 * @throws Error for a schema that JSON Schema cannot say
 */
export const formOf = (schema: z.ZodType): Form => strict(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }))

function strict(schema: object): Form {
  const kept = Object.entries(schema).filter(([key]) => !BOUNDS.has(key))
  const form = Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'properties' ? members(value) : inner(value)]),
  )
  const { properties } = form
  if (typeof properties !== 'object' || properties === null) return form
  return { ...form, required: Object.keys(properties), additionalProperties: false }
}

/**
 * The form without a word on further members: the models of Amazon take `type`, `properties` and `required` alone at the top of a
 * tool's schema, and others of Bedrock refuse the word anywhere. The SDK adds it where Bedrock has to be told.
 * https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html
 */
export function openForm({ additionalProperties: _closed, ...form }: Form): Form {
  return Object.fromEntries(
    Object.entries(form).map(([key, value]) => [key, key === 'properties' ? mapped(value, opened) : opened(value)]),
  )
}

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened)
  return isForm(value) ? openForm(value) : value
}

const isForm = (value: unknown): value is Form => typeof value === 'object' && value !== null

const mapped = (properties: unknown, change: (value: unknown) => unknown): unknown =>
  isForm(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, change(each)]))
    : properties

/** A member may be called like a bound. */
const members = (properties: object): Form =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inner(each)]))

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner)
  return typeof value === 'object' && value !== null ? strict(value) : value
}
