import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Change } from '../ledger/change.ts'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, resourceKey, SK, timePart } from '../platform/tables.ts'

/** One time entry of a task as last told, one shape whether it was made, edited or deleted. */
export const timeEntrySchema = z.object({
  entryId: z.string(),
  taskId: z.string(),
  userId: z.string().nullable(),
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  durationMs: z.number().nullable(),
  deleted: z.boolean(),
  /** When the change was made that told of it. */
  changedAt: z.number(),
  /** That time and the change's id: of two tellings the greater one stands, in whatever order they come. */
  revision: z.string(),
})
export type TimeEntry = z.infer<typeof timeEntrySchema>

const toldEntry = z.object({
  id: z.string(),
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  durationMs: z.number().nullable(),
})

/** The entry that a change tells of; `null` for other changes. A deletion has no `after`. */
export function timeEntryOf(change: Change): TimeEntry | null {
  if (change.resource.kind !== 'task' || change.field !== 'time_spent') return null
  const after = toldEntry.safeParse(change.after)
  const told = after.success ? after : toldEntry.safeParse(change.before)
  if (!told.success) return null
  const { id, startAt, endAt, durationMs } = told.data
  return {
    entryId: id,
    taskId: change.resource.id,
    userId: change.actor?.id ?? null,
    startAt,
    endAt,
    durationMs,
    deleted: !after.success,
    changedAt: change.at,
    revision: `${timePart(change.at)}#${change.id}`,
  }
}

export type WorklogStore = { record(connection: string, entry: TimeEntry): Promise<void> }

export function createWorklogStore({ dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string }): WorklogStore {
  return {
    async record(connection, entry) {
      const item = {
        [PK]: resourceKey(connection, 'task', entry.taskId),
        [SK]: `time#${entry.entryId}`,
        ...entry,
        schemaVersion: 1,
      }
      try {
        await dynamo.send(
          new PutCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(#pk) OR #revision < :revision',
            ExpressionAttributeNames: { '#pk': PK, '#revision': 'revision' },
            ExpressionAttributeValues: { ':revision': entry.revision },
          }),
        )
      } catch (error) {
        // What stands is newer, or the same told again.
        if (!isConditionFailure(error)) throw error
      }
    },
  }
}
