import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'

/** What was learnt of a connection when it was made. */
const connectionRecordSchema = z.object({
  workspaceId: z.string(),
  /** The user whose token the connection uses: changes by this user are our own. */
  userId: z.string(),
  /** The rate limit of the workspace's plan, where the plan is one that we know. */
  callsPerMinute: z.number().positive().optional(),
})
export type ConnectionRecord = z.infer<typeof connectionRecordSchema>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string) => ({ [PK]: stateKey(connection, 'connection') })

/** `null` while the connection was not made yet. */
export async function loadConnection({ dynamo, table }: Table, connection: string): Promise<ConnectionRecord | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection) }))
  return Item === undefined ? null : connectionRecordSchema.parse(Item)
}

export async function saveConnection(
  { dynamo, table }: Table,
  connection: string,
  record: ConnectionRecord,
): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: table, Item: { ...keyOf(connection), ...record, schemaVersion: 1 } }))
}
