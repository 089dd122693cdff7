import * as z from 'zod'

/** The tunables of rotations, in milliseconds. */
export const rotationSettingsSchema = z.object({
  /** How long a replaced webhook still delivers beside the new one: what ClickUp had on its way for it arrives. */
  overlapMs: z.number().int().nonnegative().default(3_600_000),
})
export type RotationSettings = z.infer<typeof rotationSettingsSchema>
