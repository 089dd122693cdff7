import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonical } from '../../platform/json.ts'
import { stateKey } from '../../platform/tables.ts'

const common = {
  connection: z.string(),
  name: z.string(),
  /** The prompt with its version, such as `standup/v1`: by another one it is another occasion. */
  prompt: z.string(),
}

/** What is told or done once. A summary's is a day, as `2026-11-21` on the clocks of its zone. */
export const occasionSchema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('summary'), on: z.string() }),
  z.object({ ...common, kind: z.literal('recipe'), on: z.object({ taskId: z.string(), occasion: z.string() }) }),
])
export type Occasion = z.infer<typeof occasionSchema>

/** Part of every key under which an occasion is kept. */
export const TOLD = 'told'

/** The state table's key of what is kept of an occasion. */
export const occasionKey = (occasion: Occasion): string => stateKey(occasion.connection, `${TOLD}#${idOf(occasion)}`)

const idOf = ({ kind, name, on, prompt }: Occasion) =>
  [kind, name, ...(typeof on === 'string' ? [on] : [on.taskId, on.occasion]), prompt].join('#')

/** The same for the same occasion, and for no other: 32 hexadecimal digits. */
export const summaryIdOf = ({ connection, kind, name, on, prompt }: Occasion): string =>
  createHash('sha256')
    .update(canonical([connection, kind, name, on, prompt]))
    .digest('hex')
    .slice(0, 32)
