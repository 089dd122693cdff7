import * as z from 'zod'
import { commonOptions } from '../options.ts'

/** What `hookline connect` was asked for, as commander hands it over. */
export const connectOptions = commonOptions.extend({
  connection: z.string().optional(),
  workspace: z.string().optional(),
  space: z.array(z.string()).default([]),
  folder: z.array(z.string()).default([]),
  all: z.boolean().default(false),
  tokenStdin: z.boolean().default(false),
  days: z.number().optional(),
  allHistory: z.boolean().default(false),
  backfill: z.boolean().default(true),
  pollOnly: z.boolean().default(false),
  replace: z.boolean().default(false),
  wait: z.boolean().default(true),
  yes: z.boolean().default(false),
})
export type ConnectOptions = z.infer<typeof connectOptions>
