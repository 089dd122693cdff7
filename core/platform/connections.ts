import * as z from 'zod'

/** A connection's or a stage's name: it goes into URLs, table keys and physical names. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be 1 to 31 lower-case letters, digits or dashes, and begin with a letter')

/** What a connection's deliveries are filtered by before the queue; deletions and moves always pass. */
const filterSchema = z.object({
  /** Event names to keep, all when absent. */
  events: z.array(z.string()).optional(),
  /** List ids to keep, all when absent; a delivery that names no list passes. */
  lists: z.array(z.string()).optional(),
  /** Space ids to keep, all when absent. */
  spaces: z.array(z.string()).optional(),
})
export type Filter = z.infer<typeof filterSchema>

/** What the functions know of one connection: names and choices, never a secret. */
const connectionSchema = z.object({
  name: nameSchema,
  filter: filterSchema,
  /** Calls a minute that are ours at the most, where others use the token's limit too, or ClickUp tells a wrong one. */
  callsPerMinute: z.int().positive().optional(),
  /** Keep comment texts in the ledger and in events. */
  storeComments: z.boolean(),
  /** Keep e-mail addresses of people in the ledger, the snapshots and in events. */
  storeEmails: z.boolean(),
})
export type Connection = z.infer<typeof connectionSchema>

export const connectionsSchema = z.array(connectionSchema)

/** A webhook's place in a connection: two, so that an old and a new generation can stand side by side. */
export const slotSchema = z.enum(['a', 'b'])
export type Slot = z.infer<typeof slotSchema>
