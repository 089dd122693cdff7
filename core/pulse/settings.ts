import * as z from 'zod'
import { reportSettingsSchema } from '../report/settings.ts'

/** What the pulse goes by, in the variable that the template gives it. */
export const pulseSettingsSchema = z.object({
  /** Whether ClickUp's own status page is read. */
  clickupStatus: z.boolean().default(true),
  /** When silence is strange: the working time of reports. */
  workingTime: reportSettingsSchema
    .pick({ timeZone: true, workingDays: true, workingHours: true, holidays: true })
    .prefault({}),
})
export type PulseSettings = z.infer<typeof pulseSettingsSchema>
