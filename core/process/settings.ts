import * as z from 'zod'
import { notingSchema } from './pending.ts'

/** When tasks are read, and how many one by one. */
const readingSchema = z.object({
  /** Milliseconds after a read in which the same task is not read again: ClickUp's answers lag by as much. */
  debounceMs: z.int().min(0).default(5_000),
  /** So many single reads in ten seconds are few, on the smallest plan: more begin a storm. */
  fewReads: z.int().min(0).default(10),
})
export type Reading = z.infer<typeof readingSchema>

/** The tunables of the consumer, as the template hands them over in its environment. */
export const settingsSchema = z.object({
  /** Milliseconds for which a claim keeps its change; longer than the function's time-out, shorter than the queue's visibility. */
  leaseMs: z.int().positive(),
  /** Days that a change stays in the ledger. */
  ledgerDays: z.int().positive(),
  /** Milliseconds after which a change is published without its task, when that cannot be read. */
  degradedAfterMs: z.int().positive().default(600_000),
  reading: readingSchema.prefault({}),
  noting: notingSchema.prefault({}),
})
export type Settings = z.infer<typeof settingsSchema>
