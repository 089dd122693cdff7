import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK } from '../platform/tables.ts'
import { pageSchema } from './clickup-page.ts'

/** Of a whole stage, not of one connection: its pulse, and what ClickUp's status page said last. */
const PULSE_KEY = 'pulse'
const CLICKUP_STATUS_KEY = 'clickup-status'

/** The worst of all connections that are connected; null for what nobody can tell. Durations in ms. */
const seenSchema = z.object({
  watermarkAgeMs: z.number().nullable(),
  webhooksBroken: z.number(),
  webhookFailCount: z.number(),
  quietMs: z.number().nullable(),
  /** Null where the page is not asked for, or could not be read. */
  clickupIncident: z.boolean().nullable(),
  paused: z.boolean(),
})
export type Seen = z.infer<typeof seenSchema>

const pulseSchema = z.looseObject({ v: z.literal(1), at: z.number(), seen: seenSchema })
/** When the pulse was last taken, ms since 1970, and what it saw. */
export type Pulse = z.infer<typeof pulseSchema>

const clickupStatusSchema = z.looseObject({
  v: z.literal(1),
  /** When it was last tried to read the page, ms since 1970; and why it could not be, null when it could. */
  triedAt: z.number(),
  failure: z.string().nullable(),
  /** The page as it was last read; null while it never was. */
  page: pageSchema.nullable(),
})
export type ClickUpStatus = z.infer<typeof clickupStatusSchema>

type Table = { dynamo: DynamoDBDocumentClient; table: string }

/** Null before the first, and for an item that is not ours: the next pulse writes it anew. */
export const loadPulse = (where: Table): Promise<Pulse | null> => load(where, PULSE_KEY, pulseSchema)

export const savePulse = (where: Table, pulse: Pick<Pulse, 'at' | 'seen'>): Promise<void> =>
  save(where, PULSE_KEY, { v: 1, ...pulse })

/** Null while the page was never asked for, and for an item that is not ours. */
export const loadClickUpStatus = (where: Table): Promise<ClickUpStatus | null> =>
  load(where, CLICKUP_STATUS_KEY, clickupStatusSchema)

export const saveClickUpStatus = (
  where: Table,
  status: Pick<ClickUpStatus, 'triedAt' | 'failure' | 'page'>,
): Promise<void> => save(where, CLICKUP_STATUS_KEY, { v: 1, ...status })

async function load<Schema extends z.ZodType>({ dynamo, table }: Table, key: string, schema: Schema) {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { [PK]: key } }))
  return schema.safeParse(Item).data ?? null
}

async function save({ dynamo, table }: Table, key: string, item: object): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: table, Item: { [PK]: key, ...item } }))
}
