import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, resourceKey, SK } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

const statusTimeSchema = z.object({
  status: z.string(),
  /** `open`, `custom`, `done`, `closed`, as ClickUp says; `null` where it does not. */
  type: z.string().nullable(),
  /** In all, rounded down. */
  minutes: z.number(),
  /** When it was in it for the first time, ms since 1970; `null` where ClickUp does not say. */
  since: z.number().nullable(),
  orderindex: z.number().nullable(),
})
export type StatusTime = z.infer<typeof statusTimeSchema>

/**
 * How long a task was in each status as ClickUp counts it: totals, so neither order nor returns can be told from it. It stands
 * for the time before the connection, of which there are no changes.
 */
const statusTimesSchema = z.object({
  taskId: z.string(),
  /** When it was read, on ClickUp's clock. */
  asOf: z.number(),
  current: z.object({ status: z.string(), since: z.number().nullable(), minutes: z.number() }),
  history: z.array(statusTimeSchema),
})
const statusTimesItem = versioned(statusTimesSchema)
export type StatusTimes = z.infer<typeof statusTimesSchema>

export type StatusTimesStore = {
  /** The first that was read stays: what came after it is in the ledger. An older one takes its place. */
  put(connection: string, times: StatusTimes): Promise<void>
  load(connection: string, taskId: string): Promise<StatusTimes | null>
  /** By task; tasks of which there is none are absent. */
  loadAll(connection: string, taskIds: readonly string[]): Promise<Map<string, StatusTimes>>
}

const STATUS_TIMES_SK = 'time-in-status'

export function createStatusTimesStore({
  dynamo,
  table,
}: {
  dynamo: DynamoDBDocumentClient
  table: string
}): StatusTimesStore {
  const keyOf = (connection: string, taskId: string) => ({
    [PK]: resourceKey(connection, 'task', taskId),
    [SK]: STATUS_TIMES_SK,
  })
  return {
    async put(connection, times) {
      try {
        await dynamo.send(
          new PutCommand({
            TableName: table,
            Item: { ...keyOf(connection, times.taskId), ...times, schemaVersion: 1 },
            ConditionExpression: 'attribute_not_exists(#pk) OR #asOf > :asOf',
            ExpressionAttributeNames: { '#pk': PK, '#asOf': 'asOf' },
            ExpressionAttributeValues: { ':asOf': times.asOf },
          }),
        )
      } catch (error) {
        if (!isConditionFailure(error)) throw error
      }
    },
    async load(connection, taskId) {
      const { Item } = await dynamo.send(
        new GetCommand({ TableName: table, Key: keyOf(connection, taskId), ConsistentRead: true }),
      )
      return statusTimesItem.safeParse(Item).data ?? null
    },
    async loadAll(connection, taskIds) {
      const items = await getAll(
        dynamo,
        table,
        [...new Set(taskIds)].map((id) => keyOf(connection, id)),
      )
      const read = items.flatMap((item) => statusTimesItem.safeParse(item).data ?? [])
      return new Map(read.map((times) => [times.taskId, times]))
    },
  }
}
