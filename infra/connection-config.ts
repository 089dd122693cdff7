import * as z from 'zod'
import { EVENT_NAMES } from '../core/clickup/event-names.ts'
import { type Filter, nameSchema } from '../core/platform/connections.ts'
import { whole } from './whole.ts'

/** Lambda allows 4 KB of environment in all; the connections are the part that grows, the rest may take some 1,300 bytes. */
const MAX_CONNECTIONS_BYTES = 2500

/** Stricter than what the functions parse: a filter that can match nothing would drop every delivery in silence. */
const filter: z.ZodType<Filter, Filter> = z.strictObject({
  /**
   * Event names to keep, such as `taskStatusUpdated`.
   * @default - every event
   */
  events: z
    .array(z.enum(EVENT_NAMES, { error: "must be the name of one of ClickUp's events" }))
    .min(1, 'must name at least one event, or be left out to keep every one')
    .optional(),
  /**
   * Ids of the lists to keep. A delivery that names no list passes.
   * @default - every list
   */
  lists: z
    .array(z.string().regex(/^\d+$/, 'must be the id of a list, in digits'))
    .min(1, 'must name at least one list, or be left out to keep every one')
    .optional(),
  /**
   * Ids of the spaces to keep. A delivery names its list only, so the first change in a list is read to learn its space.
   * @default - every space
   */
  spaces: z
    .array(z.string().regex(/^\d+$/, 'must be the id of a space, in digits'))
    .min(1, 'must name at least one space, or be left out to keep every one')
    .optional(),
})

const connection = z.strictObject({
  /**
   * Goes into the webhook's URL, the secrets' names and every table key: renaming a connection makes a new one.
   * @default 'main', when no connections are given at all
   */
  name: nameSchema,
  /**
   * What is kept; the rest is dropped before the queue. Deletions and moves always pass.
   * @default {} everything is kept
   */
  filter: filter.default({}),
  /**
   * Calls to ClickUp's API a minute, at the most. For a token whose limit others use, too.
   * @default - what the plan allows and ClickUp tells
   */
  callsPerMinute: whole(1, 100_000, 'calls a minute').optional(),
  /**
   * Keep the texts of comments in the ledger and in events.
   * @default false
   */
  storeComments: z.boolean().default(false),
  /**
   * Keep people's e-mail addresses in the ledger, the snapshots and in events.
   * @default false
   */
  storeEmails: z.boolean().default(false),
})

/** The ClickUp workspaces that are listened to, as `hookline.config.ts` names them. */
export const connectionsConfig = z
  .array(connection)
  .min(1, 'must name at least one connection')
  .superRefine((list, context) => {
    for (const [index, { name }] of list.entries()) {
      if (list.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `must be unique, and ${name} stands before`,
        })
    }
    const bytes = Buffer.byteLength(JSON.stringify(list))
    if (bytes > MAX_CONNECTIONS_BYTES)
      context.addIssue({
        code: 'custom',
        message: `must fit ${MAX_CONNECTIONS_BYTES} bytes as JSON, because Lambda's environment is small, and takes ${bytes}`,
      })
  })
