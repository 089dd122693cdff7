import * as z from 'zod'

export const jsonSchema = z.json()
export type Json = z.infer<typeof jsonSchema>

/** Whether DynamoDB keeps a number: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const isStorable = (value: number): boolean => {
  const size = Math.abs(value)
  return size === 0 || (size >= 1e-130 && size < 9.99e125)
}

/** Parses text as JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
