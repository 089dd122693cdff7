import * as z from 'zod'

/** A stretch of `date_updated` that is still to be listed, both ends included; `until` is null where it is open. */
export const stretchSchema = z.object({
  since: z.number(),
  until: z.number().nullable(),
  /** Pages of one timestamp are counted; everything else goes on by time. */
  page: z.number(),
  archived: z.boolean(),
})
export type Stretch = z.infer<typeof stretchSchema>
