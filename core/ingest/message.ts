import { isUtf8 } from 'node:buffer'
import * as z from 'zod'
import { nameSchema, type Slot, slotSchema } from '../platform/connections.ts'

/**
 * The form of a message on the deliveries queue: the one place where it is written and read.
 *
 * | attribute    | type   |                                                              |
 * |--------------|--------|--------------------------------------------------------------|
 * | `connection` | String |                                                              |
 * | `slot`       | String |                                                              |
 * | `receivedAt` | Number | milliseconds since 1970; kept by deferral                    |
 * | `encoding`   | String | how the body is carried                                      |
 * | `attempts`   | Number | how often the message was deferred, 0 at first               |
 * | `deliveryId` | String | what the logs call the request that brought it; absent for ours |
 * | `resentAt`   | Number | when an operator sent it again; absent for all others        |
 *
 * The signature is not in it: the queue is behind the verification, and nothing after it checks again.
 */
const encodingSchema = z.enum(['text', 'base64', 'slim', 'errand', 'found', 'canary'])
export type Encoding = z.infer<typeof encodingSchema>

/** API Gateway's ids have 16 letters of base64; whatever else is there is none, and no reason to lose a delivery. */
export const deliveryIdSchema = z
  .string()
  .regex(/^[\w+/=-]{1,64}$/)
  .optional()
  .catch(undefined)

/** Where a delivery came in, and when. `deliveryId`: API Gateway's id of the request, by which logs are followed. */
export type Arrival = { connection: string; slot: Slot; receivedAt: number; deliveryId?: string | undefined }

export type DeliveryMessage = Arrival & {
  attempts: number
  /** When an operator sent it again, out of the quarantine or the archive, milliseconds since 1970. */
  resentAt?: number | undefined
  encoding: Encoding
  /** As SQS carries it. */
  body: string
  /** What ClickUp sent, or its slim form; bytes that are no UTF-8 show as U+FFFD. */
  text: string
  /** Without `before`, `after` and contents: the consumer has to read. */
  slim: boolean
}

/** SQS allows 1 MiB for body and attributes; the margin is for ours and for those that quarantine adds. */
export const MAX_BODY_BYTES = 1_048_576 - 16_384

/** Everything that SQS does not carry in a body (SendMessage, `MessageBody`). */
const NOT_CARRIED = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** The only ones of them in JSON: it has no control characters but white space, and UTF-8 has no half of a pair. */
const NOT_CARRIED_OF_JSON = ['\uFFFE', '\uFFFF'] as const

/** What is already known of the bytes: the same as text, and that it is JSON; to look at each character takes as long as an HMAC. */
type KnownText = { readonly text: string; readonly isJson: boolean }

/** A first message with exactly these bytes, or null when SQS cannot carry so many. */
export function packBytes(arrival: Arrival, bytes: Buffer, known?: KnownText): DeliveryMessage | null {
  const { text, isJson } = known ?? { text: bytes.toString('utf8'), isJson: false }
  const isCarried = () =>
    isJson ? !NOT_CARRIED_OF_JSON.some((character) => text.includes(character)) : !NOT_CARRIED.test(text)
  const asItIs = isUtf8(bytes) && isCarried()
  const body = asItIs ? text : bytes.toString('base64')
  // Base64 has one byte for each character.
  if ((asItIs ? bytes.length : body.length) > MAX_BODY_BYTES) return null
  return { ...arrival, attempts: 0, encoding: asItIs ? 'text' : 'base64', body, text, slim: false }
}

/** A first message with a slim form (see `slimForm`). */
export const packSlim = (arrival: Arrival, text: string): DeliveryMessage => ({
  ...arrival,
  attempts: 0,
  encoding: 'slim',
  body: text,
  text,
  slim: true,
})

/** A message of our own, to ourselves: no delivery, but work to be done for a connection. */
export const packErrand = (arrival: Arrival): DeliveryMessage => ({
  ...arrival,
  attempts: 0,
  encoding: 'errand',
  body: 'expand what is owed',
  text: '',
  slim: false,
})

/** What a sweep, a census or a backfill has found: no delivery, and none of ClickUp's words but its answers. */
export const packFound = (arrival: Arrival, text: string): DeliveryMessage => ({
  ...arrival,
  attempts: 0,
  encoding: 'found',
  body: text,
  text,
  slim: false,
})

/** A test delivery on its way to the ledger (see `canaryDelivery`). */
export const packCanary = (arrival: Arrival, nonce: string): DeliveryMessage => ({
  ...arrival,
  attempts: 0,
  encoding: 'canary',
  body: nonce,
  text: '',
  slim: false,
})

/** Since when a message waits. What is sent again after weeks is no older than anything else, and no reason for an alarm. */
export const waitsSince = ({ receivedAt, resentAt }: DeliveryMessage): number => resentAt ?? receivedAt

/** What SendMessage wants to know of a message, the first time. */
export const toSqsEntry = ({
  connection,
  slot,
  receivedAt,
  deliveryId,
  encoding,
  attempts,
  body,
}: DeliveryMessage) => ({
  MessageBody: body,
  MessageAttributes: {
    connection: text(connection),
    slot: text(slot),
    receivedAt: number(receivedAt),
    encoding: text(encoding),
    attempts: number(attempts),
    ...(deliveryId === undefined ? {} : { deliveryId: text(deliveryId) }),
  },
})

/** And when it is sent anew: with what the first message never has. */
export function toSqsEntryAgain(message: DeliveryMessage) {
  const { MessageBody, MessageAttributes } = toSqsEntry(message)
  const { resentAt } = message
  const again = resentAt === undefined ? {} : { resentAt: number(resentAt) }
  return { MessageBody, MessageAttributes: { ...MessageAttributes, ...again } }
}

const text = (value: string) => ({ DataType: 'String', StringValue: value })
const number = (value: number) => ({ DataType: 'Number', StringValue: String(value) })

export type ParsedMessage = { kind: 'message'; message: DeliveryMessage } | { kind: 'malformed'; reason: string }

const countSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const attributesSchema = z.looseObject({
  connection: nameSchema,
  slot: slotSchema,
  receivedAt: countSchema,
  encoding: encodingSchema,
  attempts: countSchema,
  deliveryId: deliveryIdSchema,
  resentAt: countSchema.optional().catch(undefined),
})

/** Reads a message from its body and its attributes' string values. The reason never quotes the content. */
export function parseMessage(body: string, attributes: Readonly<Record<string, string | undefined>>): ParsedMessage {
  const result = attributesSchema.safeParse(attributes)
  if (!result.success) {
    const names = new Set(result.error.issues.map((issue) => issue.path.join('.')))
    return { kind: 'malformed', reason: `missing or wrong message attributes: ${[...names].join(', ')}` }
  }
  const { connection, slot, receivedAt, encoding, attempts, deliveryId, resentAt } = result.data
  const content = decode(body, encoding)
  if (content === null) return { kind: 'malformed', reason: 'the body is not base64' }
  // It becomes a key of the ledger.
  if (encoding === 'canary' && !nonceSchema.safeParse(body).success)
    return { kind: 'malformed', reason: 'the body is no nonce of a test delivery' }
  const message = { connection, slot, receivedAt, attempts, encoding, body, text: content, slim: encoding === 'slim' }
  const more = { ...(deliveryId === undefined ? {} : { deliveryId }), ...(resentAt === undefined ? {} : { resentAt }) }
  return { kind: 'message', message: { ...message, ...more } }
}

const nonceSchema = z.uuid()

function decode(body: string, encoding: Encoding): string | null {
  if (encoding !== 'base64') return body
  const bytes = Buffer.from(body, 'base64')
  // Buffer skips what is no base64 instead of refusing it.
  return bytes.toString('base64') === body ? bytes.toString('utf8') : null
}

/** The bytes that ClickUp sent, exactly (of a slim form: its own). */
export const bytesOf = ({ body, encoding }: DeliveryMessage): Buffer =>
  Buffer.from(body, encoding === 'base64' ? 'base64' : 'utf8')
