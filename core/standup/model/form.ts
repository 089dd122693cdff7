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

/** A member may be called like a bound. */
const members = (properties: object): Form =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inner(each)]))

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner)
  return typeof value === 'object' && value !== null ? strict(value) : value
}
