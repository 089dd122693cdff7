import * as z from 'zod'

/** The tunables of backfill, sweep and census, as the template hands them over in the environment. */
export const syncSettingsSchema = z.object({
  /** Milliseconds that a delivery may come late; until then a difference is left to it. */
  lateMs: z.int().min(0).default(600_000),
  /** A sweep lists what was updated so much before the end of the last one again, because reads lag and clocks differ. */
  overlapMs: z.int().min(0).default(60_000),
  /** How often somebody looks whether what was handed over has been worked off. */
  settleEveryMs: z.int().positive().default(5_000),
  /** How long that is waited for: then the run ends without its promise. */
  settleForMs: z.int().positive().default(900_000),
  /** How long a sweep waits for deliveries that are under way to explain what looks lost. */
  explainForMs: z.int().min(0).default(60_000),
})
export type SyncSettings = z.infer<typeof syncSettingsSchema>
