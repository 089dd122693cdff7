import * as z from 'zod'
import { nameSchema } from '../platform/connections.ts'

/**
 * A message on the standup queue that is no event of the bus: something to be told or done, once for each `at` (ISO 8601, as
 * EventBridge Scheduler writes it).
 */
const jobSchema = z.discriminatedUnion('job', [
  z.object({ job: z.literal('summary'), name: nameSchema, at: z.coerce.date().transform((at) => at.getTime()) }),
  /** Does a recipe with each task that something happened to since the time before. */
  z.object({ job: z.literal('round'), name: nameSchema, at: z.coerce.date().transform((at) => at.getTime()) }),
  /** Does a recipe with one task. `occasion`: what it is done for, once for each: a change's id, or a day. */
  z.object({ job: z.literal('recipe'), name: nameSchema, taskId: z.string(), occasion: z.string() }),
])
export type StandupJob = z.infer<typeof jobSchema>
export type StandupJobInput = z.input<typeof jobSchema>
export const standupJobSchema = jobSchema
