import * as z from 'zod'
import { jsonSchema } from '../platform/json.ts'

/** Kinds of things that change. Others are kept under the name that ClickUp gives them, so the type stays open. */
const resourceSchema = z.object({ kind: z.string(), id: z.string() })
export type Resource = z.infer<typeof resourceSchema>

export const originSchema = z.enum(['webhook', 'sweep', 'backfill'])

export const actorSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().optional(),
})

/** One thing that happened to one resource. Times are milliseconds since 1970 UTC. */
export const changeSchema = z.object({
  /** The same for every delivery, twin, retry or replay of the same change. */
  id: z.string(),
  connection: z.string(),
  resource: resourceSchema,
  /** ClickUp's name of what changed, `status` or `custom_field` say; for what we found ourselves, our own in the same style. */
  field: z.string(),
  /** Which custom field, where `field` is `custom_field`. */
  customField: z.object({ id: z.string(), name: z.string(), type: z.string() }).nullable(),
  before: jsonSchema,
  after: jsonSchema,
  /** When it happened, or at the latest happened. */
  at: z.number(),
  /** When it happened at the earliest: `at` itself where ClickUp told the time. */
  atEarliest: z.number(),
  /** Sorts a resource's changes and, with `id`, is the ledger's sort key: a time, or a version where there is no time. */
  order: z.string(),
  actor: actorSchema.nullable(),
  origin: originSchema,
  /** When the first news of it came in. */
  receivedAt: z.number(),
  /** The list a delivery named, for changes of tasks that were never read. */
  listId: z.string().nullable(),
})
export type Change = z.infer<typeof changeSchema>
