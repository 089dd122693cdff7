import * as z from 'zod'
import { nameSchema } from '../../core/platform/connections.ts'
import { clockTime, days, placeIds, timeZone, words } from './parts.ts'

const occasion = z
  .strictObject({
    /** As soon as a task comes into this status, by its name in any case. */
    status: words(100).optional(),
    /** At this time of the day, such as '18:00', with each task that something happened to since the time before. */
    at: clockTime().optional(),
    /**
     * On which days, with `at`.
     * @default ['mon', 'tue', 'wed', 'thu', 'fri']
     */
    days: days().optional(),
    /**
     * The time zone of `at`.
     * @default - that of `reports`
     */
    timeZone: timeZone().optional(),
  })
  .refine(({ status, at }) => (status === undefined) !== (at === undefined), {
    error: "must have either a status, or a time such as at: '18:00'",
  })
  .refine(({ status, days, timeZone }) => status === undefined || (days === undefined && timeZone === undefined), {
    error: 'must have days and a time zone only together with a time',
  })

/** What is done with a single task. */
export const recipeConfig = z
  .strictObject({
    /** Part of its schedule's name, and what it is called in logs. */
    name: nameSchema,
    /**
     * The connection whose tasks it is about.
     * @default - the first
     */
    connection: nameSchema.optional(),
    /** When it is done. What Hookline writes itself is never a reason. */
    on: occasion,
    /**
     * Ids of the lists whose tasks it is about.
     * @default - every list, or those of `spaces`
     */
    lists: placeIds('list'),
    /**
     * Ids of the spaces whose tasks it is about.
     * @default - every space, or only `lists`
     */
    spaces: placeIds('space'),
    /**
     * Fills this custom field of the task, by the field's name or id.
     * @default - none
     */
    fill: z.strictObject({ field: words(200) }).optional(),
    /**
     * Leaves a comment on the task.
     * @default false
     */
    comment: z.boolean().default(false),
    /**
     * The prompt, as a path under `prompts` without its ending.
     * @default - 'field/v1' where a field is filled, else 'task/v1'
     */
    prompt: z.string().optional(),
  })
  .refine(({ fill, comment }) => (fill !== undefined) !== comment, {
    error: 'must have either fill: { field } or comment: true',
  })
