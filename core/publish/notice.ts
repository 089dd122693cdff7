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

/** Detail types of what is told of Hookline itself, with their details: no change, and not in the ledger. */
export const NOTICES = { 'Hookline Synced': syncedSchema, 'Backfill Completed': backfilledSchema } as const

export type Notice =
  | { detailType: 'Hookline Synced'; detail: z.infer<typeof syncedSchema> }
  | { detailType: 'Backfill Completed'; detail: z.infer<typeof backfilledSchema> }

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
