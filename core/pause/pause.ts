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

/** As if there never was one. */
export const NO_PAUSE: Pause = { v: 1, since: null, by: '', reason: null, past: [] }

/**
 * What an item is taken for that is there and none of ours: somebody wanted a pause, waiting loses nothing, and `hookline resume`
 * writes it anew.
 */
export const unreadablePause = (now: number): Pause => ({
  ...NO_PAUSE,
  ...{ since: now, by: 'unknown', reason: 'what is stored of the pause cannot be read' },
})

/** How many ms of a time were spent in pauses, the one that goes on included. Times are ms since 1970. */
export function pausedBetween({ since, past }: Pick<Pause, 'since' | 'past'>, from: number, until: number): number {
  const all = since === null ? past : [{ from: since, to: until }, ...past]
  return all.reduce((sum, each) => sum + Math.max(0, Math.min(each.to, until) - Math.max(each.from, from)), 0)
}

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
