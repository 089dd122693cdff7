import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as z from 'zod'
import { type DeliveryMessage, deliveryIdSchema, type Encoding } from '../ingest/message.ts'
import { nameSchema, slotSchema } from '../platform/connections.ts'

/** What ClickUp sends, in the ways in which the queue carries it; everything else on the queue is ours and can be made anew. */
const DELIVERED = ['text', 'base64', 'slim'] as const satisfies readonly Encoding[]

/** One line of an object: a delivery as the verifier queued it. `receivedAt` is milliseconds since 1970. */
const recordSchema = z.object({
  v: z.literal(1),
  connection: nameSchema,
  slot: slotSchema,
  receivedAt: z.number().int().min(0),
  encoding: z.enum(DELIVERED),
  deliveryId: deliveryIdSchema,
  body: z.string().min(1),
})
export type ArchivedDelivery = Omit<z.infer<typeof recordSchema>, 'v'>

/** The delivery in a message; null for what is none of ClickUp's. */
export function deliveryIn(message: DeliveryMessage): ArchivedDelivery | null {
  const { connection, slot, receivedAt, body, deliveryId } = message
  const encoding = DELIVERED.find((each) => each === message.encoding)
  return encoding === undefined ? null : { connection, slot, receivedAt, encoding, body, deliveryId }
}

/** An object's whole content: a line of JSON for each delivery, compressed; `rest`: lines in another form, as they were. */
export const packDeliveries = (
  deliveries: readonly ArchivedDelivery[],
  rest: readonly string[] = [],
): Promise<Buffer> =>
  promisify(gzip)(
    [...deliveries.map((each) => JSON.stringify({ v: 1, ...each })), ...rest].map((line) => `${line}\n`).join(''),
  )

/** A batch is ten messages of at most 1 MiB, and JSON may write a character as six. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024

/** What an object holds. `rest`: lines in another form; `unreadable`: how many those are, or one for an object that is broken. */
export type Unpacked = { deliveries: ArchivedDelivery[]; unreadable: number; rest: string[] }

/** The deliveries of an object; lines in another form are counted and hold nothing back. */
export async function unpackDeliveries(bytes: Uint8Array): Promise<Unpacked> {
  const text = await unzipped(bytes)
  if (text === null) return { deliveries: [], unreadable: 1, rest: [] }
  const deliveries: ArchivedDelivery[] = []
  const rest: string[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const parsed = recordSchema.safeParse(parsedLine(line))
    if (!parsed.success) {
      rest.push(line)
      continue
    }
    const { v: _version, ...delivery } = parsed.data
    deliveries.push(delivery)
  }
  return { deliveries, unreadable: rest.length, rest }
}

async function unzipped(bytes: Uint8Array): Promise<string | null> {
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: MAX_OBJECT_BYTES })).toString('utf8')
  } catch {
    return null
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
