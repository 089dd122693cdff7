import * as z from 'zod'

/** A stretch of `date_updated` that is still to be listed, both ends included; `until` is null where it is open. */
export const stretchSchema = z.object({
  since: z.number(),
  until: z.number().nullable(),
  /** Pages of one timestamp are counted; everything else goes on by time. */
  page: z.number(),
  archived: z.boolean(),
  /** Tasks of the page before that were updated at its end, where the next one begins again. */
  edge: z.array(z.string()).default([]),
  /** While the pages of one timestamp are counted: that timestamp. */
  at: z.number().nullable().default(null),
  /** Whether they are counted down to the first again: see `walk-tasks.ts`. */
  isAgain: z.boolean().default(false),
})
export type Stretch = z.infer<typeof stretchSchema>
