import * as z from 'zod'

/** The tunables of the consumer, as the template hands them over in its environment. */
export const settingsSchema = z.object({
  /** Milliseconds for which a claim keeps its change; longer than the function's time-out, shorter than the queue's visibility. */
  leaseMs: z.int().positive(),
  /** Days that a change stays in the ledger. */
  ledgerDays: z.int().positive(),
})
export type Settings = z.infer<typeof settingsSchema>
