import * as z from 'zod'
import { commonOptions } from '../options.ts'

const words = z.array(z.string()).default([])

/** What the command takes, as commander hands it over. */
export const optionsSchema = commonOptions.extend({
  name: z.string().optional(),
  field: words,
  type: words,
  from: z.string().optional(),
  to: z.string().optional(),
  customField: z.string().optional(),
  list: words,
  folder: words,
  space: words,
  connection: words,
  origin: words,
  replay: z.boolean().default(true),
  notOwn: z.boolean().default(false),
  target: z.enum(['lambda', 'sqs', 'https']).default('sqs'),
  arn: z.string().optional(),
  url: z.string().optional(),
  header: z.string(),
  secret: z.string().optional(),
  deploy: z.boolean().default(false),
  dryRun: z.union([z.number(), z.literal(true)]).optional(),
  yes: z.boolean().default(false),
})
export type SubscribeOptions = z.infer<typeof optionsSchema>
