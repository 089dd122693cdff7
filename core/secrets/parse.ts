import type * as z from 'zod'

/**
 * Reads the JSON of a secret.
 * @throws Error that says which secret and which keys are wrong, and nothing of the content: a JSON parser's own message
 * quotes the text it failed on.
 */
export function parseSecret<Schema extends z.ZodType>(schema: Schema, what: string, text: string): z.infer<Schema> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Error(`The ${what} is not JSON.`)
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const keys = result.error.issues.map((issue) => issue.path.join('.') || 'the whole')
  throw new Error(`The ${what} has not the expected form: ${keys.join(', ')}.`)
}
