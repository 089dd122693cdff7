import * as z from 'zod'
import { commonOptions } from '../options.ts'

/** What the command takes, as commander hands it over. */
export const optionsSchema = commonOptions.extend({
  from: z.enum(['ledger', 'raw']),
  since: z.number(),
  until: z.number().optional(),
  task: z.string().optional(),
  field: z.string().optional(),
  connection: z.string().optional(),
  rate: z.number().optional(),
  runId: z.string().optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
})
export type ReplayOptions = z.infer<typeof optionsSchema>
