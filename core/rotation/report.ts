import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

/** Which secret of a connection is rotated. */
export type Rotated = 'signing' | 'token'

/** Times are milliseconds since 1970. */
const reportSchema = z.object({
  /** The id of the secret's version that the rotation makes. */
  run: z.string(),
  startedAt: z.number(),
  /** When this was written. */
  at: z.number(),
  /** `done`: promoted, or tested and kept; `failed`: nothing is changed. */
  phase: z.enum(['running', 'done', 'failed']),
  /** One sentence for people: what is being done, what was done, or why it failed. */
  detail: z.string(),
  /** While it waits: until when. */
  waitsUntil: z.number().nullable().default(null),
  /** When the last one ended well; null before the first. */
  doneAt: z.number().nullable().default(null),
})
const reportItem = versioned(reportSchema)
export type RotationReport = z.infer<typeof reportSchema>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string, rotated: Rotated) => ({ [PK]: stateKey(connection, `rotation-${rotated}`) })

/** How the latest rotation of a secret went or goes; `null` before the first, and where what is stored is not in our form. */
export async function loadReport(
  { dynamo, table }: Table,
  connection: string,
  rotated: Rotated,
): Promise<RotationReport | null> {
  const key = keyOf(connection, rotated)
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
  return reportItem.safeParse(Item).data ?? null
}

export async function saveReport(
  { dynamo, table }: Table,
  connection: string,
  rotated: Rotated,
  report: RotationReport,
): Promise<void> {
  const item = { ...keyOf(connection, rotated), ...report, schemaVersion: 1 }
  await dynamo.send(new PutCommand({ TableName: table, Item: item }))
}
