import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'

/** What the provider last said of its limit: calls in a window, calls left in it, and when it ends (ms since 1970). */
const rateSchema = z.object({
  limit: z.number(),
  remaining: z.number(),
  resetAt: z.number(),
  /** When it said so. */
  toldAt: z.number(),
})
export type Rate = z.infer<typeof rateSchema>

/** Reads the headers `X-RateLimit-*`; `null` when an answer does not carry them. A reset may be in seconds or milliseconds. */
export function rateOf(headers: Headers, now: number): Rate | null {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`))
  const numbers = z.tuple([count, count, count]).safeParse([limit, remaining, reset])
  if (!numbers.success) return null
  const [calls, left, until] = numbers.data
  return { limit: calls, remaining: left, resetAt: until > 1e12 ? until : until * 1000, toldAt: now }
}

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string) => ({ [PK]: stateKey(connection, 'rate') })

export async function saveRate({ dynamo, table }: Table, connection: string, rate: Rate): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: table, Item: { ...keyOf(connection), ...rate, schemaVersion: 1 } }))
}

/** `null` while nothing was asked yet. */
export async function loadRate({ dynamo, table }: Table, connection: string): Promise<Rate | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection) }))
  return Item === undefined ? null : rateSchema.parse(Item)
}
