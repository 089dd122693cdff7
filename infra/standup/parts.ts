import * as z from 'zod'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const WORKING_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const satisfies readonly (typeof DAYS)[number][]

export const IANA_NAME = 'must be the name of a time zone as IANA writes it, such as Europe/Berlin'

/** Whether EventBridge Scheduler takes it: IANA's names, and no offsets. */
export function isIanaName(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    // An old name resolves to a newer one; one in the wrong case resolves to itself in the right one.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
  } catch {
    return false
  }
}

/** The time zone of what comes round. */
export const timeZone = () => z.string().refine(isIanaName, IANA_NAME)

/** A time of the day. */
export const clockTime = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 09:00')

/** On which days of the week something comes round. */
export const days = () =>
  z
    .array(z.enum(DAYS, { error: `must be some of ${DAYS.join(', ')}` }))
    .min(1, 'must name at least one day')
    .refine((all) => new Set(all).size === all.length, 'must name no day twice')

/** Ids of lists or spaces. */
export const placeIds = (place: 'list' | 'space') =>
  z
    .array(z.string().regex(/^\d+$/, `must be the id of a ${place}, in digits`))
    .min(1, `must name at least one ${place}, or be left out`)
    .optional()

/** The id of a task. What looks like `DEV-12` is a custom id, which ClickUp takes only together with its workspace. */
export const taskId = () =>
  z.string().regex(/^[a-z0-9]{1,20}$/, "must be the id of a task, as at the end of the task's address in ClickUp")

/** What somebody wrote: names of statuses, tags and fields, an audience. */
export const words = (max: number) => z.string().min(1, 'must not be empty').max(max, `must be at most ${max} letters`)

/** A number of US$. */
export function usd() {
  const error = 'must be a number of US$ from 0 up'
  return z.number({ error }).nonnegative(error)
}
