import * as z from 'zod'
import { nameSchema } from '../../core/platform/connections.ts'
import { clockTime, days, placeIds, taskId, timeZone, WORKING_DAYS, words } from './parts.ts'

const outputs = z
  .strictObject({
    /**
     * A comment on this task.
     * @default - none
     */
    comment: z.strictObject({ task: taskId() }).optional(),
    /**
     * The value of a custom field of this task, by the field's name or id.
     * @default - none
     */
    field: z.strictObject({ task: taskId(), name: words(200) }).optional(),
    /**
     * `Summary Created` on the bus.
     * @default false
     */
    event: z.boolean().default(false),
  })
  .refine(({ comment, field, event }) => event || comment !== undefined || field !== undefined, {
    error: 'must name a comment, a field or an event, else nobody gets the summary',
  })

/** What happened in some lists or spaces, told regularly. */
export const summaryConfig = z.strictObject({
  /** Part of its schedule's name, and what `hookline standup` calls it by. */
  name: nameSchema,
  /**
   * The connection that it tells of.
   * @default - the first
   */
  connection: nameSchema.optional(),
  /**
   * Ids of the lists that it tells of.
   * @default - every list, or those of `spaces`
   */
  lists: placeIds('list'),
  /**
   * Ids of the spaces that it tells of.
   * @default - every space, or only `lists`
   */
  spaces: placeIds('space'),
  /**
   * The time zone of `at` and of what a day is.
   * @default - that of `reports`
   */
  timeZone: timeZone().optional(),
  /**
   * On which days it is told.
   * @default ['mon', 'tue', 'wed', 'thu', 'fri']
   */
  days: days().default([...WORKING_DAYS]),
  /**
   * At what time of such a day. Where the clocks jump over it, it is not told on that day, and the next one tells of both.
   * @default '09:00'
   */
  at: clockTime().default('09:00'),
  /**
   * Who reads it, in words for the model.
   * @default 'the team'
   */
  audience: words(200).default('the team'),
  /**
   * Version of the prompt: `v1` is prompts/standup/v1.md.
   * @default - that of `standup.prompt`
   */
  prompt: z.string().optional(),
  /** Where it goes: one of them at least. */
  to: outputs,
})
