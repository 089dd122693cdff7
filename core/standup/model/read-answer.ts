import type * as z from 'zod'
import { parseJson } from '../../platform/json.ts'

/** What small models put around their JSON although nobody asked for it. */
const FENCED = /^\s*```(?:json)?\s*\n(?<json>[\s\S]*?)\n\s*```\s*$/

/** What some models think aloud before they answer, although they are held to a form. */
const THOUGHT = /^\s*<(?<tag>think|thinking)>[\s\S]*?<\/\k<tag>>/

/** Reads an answer's text by a schema. `what`: why it cannot be read, without anything of it. */
export function readAnswer<Schema extends z.ZodType>(
  answer: Schema,
  text: string,
): { kind: 'value'; value: z.infer<Schema> } | { kind: 'malformed'; what: string } {
  if (text.trim() === '') return { kind: 'malformed', what: 'it was empty' }
  const answered = text.replace(THOUGHT, '')
  const json = parseJson(FENCED.exec(answered)?.groups?.['json'] ?? answered)
  if (json === undefined) return { kind: 'malformed', what: 'it was no JSON' }
  const parsed = answer.safeParse(json)
  return parsed.success
    ? { kind: 'value', value: parsed.data }
    : { kind: 'malformed', what: 'it had not the form that was asked for' }
}
