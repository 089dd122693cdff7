import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK } from '../platform/tables.ts'

/** The state table's key of the one pause of a stage: it holds for all connections. */
export const PAUSE_KEY = 'pause'

/** Times are ms since 1970. */
const pauseSchema = z.looseObject({
  v: z.literal(1),
  /** Since when nothing is done; null while it is not paused. */
  since: z.number().nullable(),
  /** Who asked for it, as their AWS credentials or their machine call them. */
  by: z.string(),
  reason: z.string().nullable(),
  /** The pauses that are over, newest first: what waited in them is no older for it. */
  past: z.array(z.object({ from: z.number(), to: z.number() })).default([]),
})
export type Pause = z.infer<typeof pauseSchema>

/**
 * The pause as it is stored, null where there never was one.
 * @throws ZodError for an item that is not ours
 */
export async function loadPause({
  dynamo,
  table,
}: {
  dynamo: DynamoDBDocumentClient
  table: string
}): Promise<Pause | null> {
  const { Item } = await dynamo.send(
    new GetCommand({ TableName: table, Key: { [PK]: PAUSE_KEY }, ConsistentRead: true }),
  )
  return Item === undefined ? null : pauseSchema.parse(Item)
}
