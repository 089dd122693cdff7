import * as z from 'zod'
import { summarySchema } from './statement.ts'

/** What a model has chosen for a custom field, ready to be kept and written. Times are ms since 1970. */
export const choiceSchema = z.object({
  /** Option of a dropdown by its id, labels by their ids, or a number; null: it is left as it is. */
  value: z.union([z.string(), z.number(), z.array(z.string()), z.null()]),
  by: z.object({ kind: z.literal('model'), provider: z.string(), model: z.string(), prompt: z.string() }),
  /** What it rests on. */
  changeIds: z.array(z.string()),
  taskIds: z.array(z.string()),
  tokens: summarySchema.shape.tokens,
  costUsd: z.number(),
  madeAt: z.number(),
})
export type Choice = z.infer<typeof choiceSchema>
