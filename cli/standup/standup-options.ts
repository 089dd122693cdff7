import * as z from 'zod'
import { commonOptions } from '../options.ts'

export const optionsSchema = commonOptions.extend({
  list: z.array(z.string()).default([]),
  space: z.array(z.string()).default([]),
  connection: z.string().optional(),
  since: z.number().optional(),
  until: z.number().optional(),
  day: z.string().optional(),
  template: z.boolean().default(false),
  prompt: z.array(z.string()).default([]),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
})
export type StandupOptions = z.infer<typeof optionsSchema>
