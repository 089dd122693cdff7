import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

const memberSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  /** Kept only where the connection stores e-mail addresses. */
  email: z.string().optional(),
  /** 1 owner, 2 admin, 3 member, 4 guest; `null` where ClickUp does not say. */
  role: z.number().nullable(),
})
export type Member = z.infer<typeof memberSchema>

const membersSchema = z.object({ readAt: z.number(), members: z.array(memberSchema) })
/** The people of a workspace as they were last listed. */
export type Members = z.infer<typeof membersSchema>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string) => ({ [PK]: stateKey(connection, 'members') })

/** `null` while they were never listed. */
export async function loadMembers({ dynamo, table }: Table, connection: string): Promise<Members | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection) }))
  return Item === undefined ? null : versioned(membersSchema).parse(Item)
}

export async function saveMembers({ dynamo, table }: Table, connection: string, members: Members): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: table, Item: { ...keyOf(connection), ...members, schemaVersion: 1 } }))
}
