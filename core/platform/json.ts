import * as z from 'zod'

export const jsonSchema = z.json()
export type Json = z.infer<typeof jsonSchema>

/** Parses text as JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
