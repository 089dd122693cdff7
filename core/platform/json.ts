import * as z from 'zod'

export const jsonSchema = z.json()
export type Json = z.infer<typeof jsonSchema>

/** Whether DynamoDB keeps a number: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const isStorable = (value: number): boolean => {
  const size = Math.abs(value)
  return size === 0 || (size >= 1e-130 && size < 9.99e125)
}

/** Half of a character, written as an escape: whoever cuts a text between its halves makes one, and no table keeps it. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/

/** Parses text as JSON, its texts well formed; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return ESCAPED_SURROGATE.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text)
  } catch {
    return undefined
  }
}

const wellFormed = (_key: string, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)

/** A value as text that is the same for the same value: the order of an object's keys says nothing, DynamoDB keeps none. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`
}
