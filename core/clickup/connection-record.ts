import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { updateIf } from '../platform/update-if.ts'
import { versioned } from '../platform/versioned.ts'

/** What was learnt and chosen when a connection was made. What came later is optional: records of earlier versions stand. */
const connectionRecordSchema = z.object({
  workspaceId: z.string(),
  workspaceName: z.string().optional(),
  /** The user whose token the connection uses: changes by this user are our own. */
  userId: z.string(),
  userName: z.string().optional(),
  /** The rate limit of the workspace's plan, where the plan is one that we know. */
  callsPerMinute: z.number().positive().optional(),
  /** When it was first made, ms since 1970. */
  connectedAt: z.number().optional(),
  /** `poll`: there is no webhook, and the sweep alone brings what changes. */
  mode: z.enum(['webhook', 'poll']).optional(),
  /** Spaces and folders that were chosen; all where absent. The config's filter counts beside it. */
  selection: z.object({ spaces: z.array(z.string()).optional(), folders: z.array(z.string()).optional() }).optional(),
})
const connectionItem = versioned(connectionRecordSchema)
export type ConnectionRecord = z.infer<typeof connectionRecordSchema>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string) => ({ [PK]: stateKey(connection, 'connection') })

/** `null` while the connection was not made yet. */
export async function loadConnection({ dynamo, table }: Table, connection: string): Promise<ConnectionRecord | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection) }))
  return Item === undefined ? null : connectionItem.parse(Item)
}

export async function saveConnection(
  { dynamo, table }: Table,
  connection: string,
  record: ConnectionRecord,
): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: table, Item: { ...keyOf(connection), ...record, schemaVersion: 1 } }))
}

/**
 * Another user's token is in use from now on. Only that is written: what was chosen meanwhile stays, and a connection that was
 * taken down, or made with another workspace, is left alone: then false.
 */
export const changeUser = (
  { dynamo, table }: Table,
  connection: string,
  { workspaceId, ...user }: Pick<ConnectionRecord, 'workspaceId' | 'userId' | 'userName' | 'callsPerMinute'>,
): Promise<boolean> =>
  updateIf(
    dynamo,
    { table, key: keyOf(connection) },
    {
      set: Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined)),
      condition: '#workspaceId = :workspaceId',
      names: { '#workspaceId': 'workspaceId' },
      values: { ':workspaceId': workspaceId },
    },
  )
