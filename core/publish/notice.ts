import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { EVENT_SOURCE } from '../platform/names.ts'

const time = (what: string) => z.number().int().describe(`${what}, milliseconds since 1970 UTC`)
const count = (what: string) => z.number().int().describe(what)

const common = {
  schemaVersion: z.literal(1),
  connection: z.string().describe('the connection that it is about'),
  publishedAt: time('when this event was made'),
}

/** `Hookline Synced`: a sweep has come to its end, and how far everything recoverable is in the ledger. */
export const syncedSchema = z
  .object({
    ...common,
    watermark: time('everything recoverable before this is in the ledger'),
    startedAt: time('when the sweep began'),
    endedAt: time('when it ended'),
    repaired: z
      .object({
        changes: count('changes that were never delivered and are in the ledger now'),
        tasks: count('tasks among them'),
        timeEntries: count('changes of time entries among them'),
        places: count('changes of lists, folders and spaces among them'),
      })
      .describe('what this sweep has repaired'),
  })
  .describe('How far the ledger can be relied on')

/** `Backfill Completed`: the history is there. */
export const backfilledSchema = z
  .object({
    ...common,
    since: time('tasks that were updated from here on'),
    until: time('when the backfill began'),
    tasks: count('tasks that were read'),
    timeEntries: count('time entries that were read'),
    timeInStatus: z.boolean().describe('whether the workspace tells times in status'),
  })
  .describe('A backfill has come to its end')

/** `Summary Created`: what happened has been told, by a model or by template. */
export const summaryCreatedSchema = z
  .object({
    ...common,
    summaryId: z.string().describe('the same for every copy of the same summary: deduplicate by it'),
    kind: z.enum(['summary', 'recipe']).describe('of a scope on a schedule, or of a single task'),
    name: z.string().describe('of the summary or recipe, as in the config'),
    on: z.string().describe('the day of a summary in its time zone, such as 2026-11-21; what a recipe was done for'),
    taskId: z.string().nullable().describe('the task of a recipe; null for a summary'),
    about: z.string().describe('the lists and spaces, or the task, in words'),
    since: time('what happened from here on is told'),
    until: time('to before here'),
    timeZone: z.string().describe('on whose clocks it was due'),
    by: z
      .object({
        kind: z.enum(['model', 'template']),
        provider: z.string().nullable().describe('null for the template'),
        model: z.string().nullable().describe('id of the model; null for the template'),
        prompt: z.string().nullable().describe('the prompt and its version, such as standup/v1; null for the template'),
        why: z.string().nullable().describe('why no model has said it; null for a model'),
      })
      .describe('who has said it'),
    text: z.string().describe('all of it, as Markdown'),
    statements: z
      .array(
        z.object({
          section: z.string().describe('blockers, done, progress, priorities, new or people'),
          text: z.string(),
          by: z.enum(['model', 'template']),
          taskIds: z.array(z.string()).describe('the tasks that it is about'),
          changeIds: z.array(z.string()).describe('the changes that it rests on; none where it says how tasks stand'),
        }),
      )
      .describe('one by one'),
    notes: z.array(z.string()).describe('what is left out, and what of the data is not complete'),
    removed: z
      .record(z.string(), z.number().int())
      .describe('how many statements of the model were removed, by the reason'),
    added: count('what a model had left out and the template has told'),
    watermark: time('everything recoverable before this was in the ledger').nullable(),
    omitted: z
      .array(z.enum(['statements', 'text']))
      .describe('which parts are empty or cut, only because they were too large'),
  })
  .describe('A summary has been made')
export type SummaryCreated = z.infer<typeof summaryCreatedSchema>

/** Detail types of what is told of Hookline itself, with their details: no change, and not in the ledger. */
export const NOTICES = {
  'Hookline Synced': syncedSchema,
  'Backfill Completed': backfilledSchema,
  'Summary Created': summaryCreatedSchema,
} as const

export type Notice =
  | { detailType: 'Hookline Synced'; detail: z.infer<typeof syncedSchema> }
  | { detailType: 'Backfill Completed'; detail: z.infer<typeof backfilledSchema> }
  | { detailType: 'Summary Created'; detail: SummaryCreated }

/** @throws Error when the bus refuses it: the step that tells of it is done again */
export type PublishNotice = (notice: Notice) => Promise<void>

export function createPublishNotice({
  client,
  busName,
}: {
  client: EventBridgeClient
  busName: string
}): PublishNotice {
  return async ({ detailType, detail }) => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: EVENT_SOURCE,
            DetailType: detailType,
            Detail: JSON.stringify(detail),
            Resources: [detail.connection],
          },
        ],
      }),
    )
    const [result] = Entries
    if (result?.EventId === undefined) throw new Error(`the bus: ${result?.ErrorCode ?? 'no result'}`)
  }
}
