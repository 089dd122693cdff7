import * as z from 'zod'
import { phaseSchema } from '../tasks/cycle/phases.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 09:00')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const isDate = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00Z`)) &&
  new Date(`${text}T00:00Z`).toISOString().startsWith(text)

/** What reports take for granted; every report says so. */
export const reportSettingsSchema = z.strictObject({
  /**
   * The time zone of days, weeks and working hours, by its IANA name.
   * @default 'UTC'
   */
  timeZone: z.string().refine(isTimeZone, 'must be the name of a time zone, such as Europe/Berlin').default('UTC'),
  /**
   * The days on which work is done.
   * @default ['mon', 'tue', 'wed', 'thu', 'fri']
   */
  workingDays: z
    .array(z.enum(DAYS, { error: `must be some of ${DAYS.join(', ')}` }))
    .min(1, 'must name at least one day')
    .default(['mon', 'tue', 'wed', 'thu', 'fri']),
  /**
   * From when to when work is done on such a day, on its clocks.
   * @default { from: '09:00', to: '17:00' }
   */
  workingHours: z
    .strictObject({ from: clockTime, to: clockTime })
    .refine(({ from, to }) => from < to, 'must end after they begin')
    .default({ from: '09:00', to: '17:00' }),
  /**
   * Days on which nobody works, as 2026-12-25.
   * @default []
   */
  holidays: z.array(z.string().refine(isDate, 'must be a day such as 2026-12-25')).default([]),
  /**
   * What statuses mean, by their names in any case, where ClickUp's type of the status does not say it right.
   * @default {} open: notStarted, custom: active, done and closed: done
   */
  statuses: z.record(z.string(), phaseSchema).default({}),
  /**
   * A folder is one of sprints when its name contains this, in any case.
   * @default 'sprint'
   */
  sprintFolders: z.string().min(1, 'must not be empty').default('sprint'),
  /**
   * Names of people by user id, e-mail address or name: who is called the same is the same person.
   * @default {}
   */
  people: z.record(z.string(), z.string().min(1)).default({}),
})
export type ReportSettings = z.infer<typeof reportSettingsSchema>
