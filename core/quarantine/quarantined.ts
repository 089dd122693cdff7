import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs'
import { parseDelivery } from '../clickup/delivery.ts'
import { resourceOf } from '../clickup/resource.ts'
import { type DeliveryMessage, parseMessage } from '../ingest/message.ts'
import type { Resource } from '../ledger/change.ts'

/** The class of what nobody has set aside with a reason: the queue did, when it had been received again and again. */
const UNKNOWN_CLASS = 'unknown'

/** A message of the quarantine, as far as it can be read. Times are milliseconds since 1970. */
export type Quarantined = {
  /** SQS's id of it. */
  id: string
  /** Of the last receive: what deletes it or gives it back. */
  receipt: string
  class: string
  reason: string
  /** When it first came in; null where it does not say. */
  firstSeen: number | null
  /** When it was last put on a queue: into the quarantine, or, where SQS itself moved it, on the queue before. */
  sentAt: number | null
  /** How often it had been put off, or received where it is none of our messages. */
  attempts: number | null
  /** Our message in it, as it was on the deliveries queue; null for what is none of ours. */
  message: DeliveryMessage | null
  connection: string | null
  event: string | null
  resource: Resource | null
  body: string
  attributes: Record<string, MessageAttributeValue>
}

/**
 * Reads a message that was received with all its attributes; never throws.
 * @param maxReceives how many receives the deliveries queue allows, null where that is not known
 */
export function quarantinedOf(received: Message, maxReceives: number | null): Quarantined {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = received
  const texts = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
  )
  const parsed = parseMessage(Body, texts)
  const message = parsed.kind === 'message' ? parsed.message : null
  const firstSeen = Date.parse(texts['firstSeen'] ?? '')
  const receives = maxReceives === null ? 'every time' : `${maxReceives} times`
  return {
    ...{ id: MessageId, receipt: ReceiptHandle, message, body: Body, attributes: MessageAttributes },
    class: texts['class'] ?? UNKNOWN_CLASS,
    reason: texts['reason'] ?? `failed ${receives} that it was received; the consumer's log of that time says why`,
    firstSeen: Number.isNaN(firstSeen) ? (message?.receivedAt ?? null) : firstSeen,
    sentAt: numberIn(Attributes['SentTimestamp']),
    attempts: numberIn(texts['attempts']),
    connection: message?.connection ?? null,
    ...aboutOf(message),
  }
}

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null

/** What a delivery is about, as well as it can be told. What a sweep found and errands are named by what they are. */
function aboutOf(message: DeliveryMessage | null): { event: string | null; resource: Resource | null } {
  if (message === null) return { event: null, resource: null }
  const { encoding, text } = message
  if (encoding !== 'text' && encoding !== 'base64' && encoding !== 'slim')
    return { event: `(${encoding})`, resource: null }
  const parsed = parseDelivery(text)
  if (parsed.kind === 'malformed') return { event: null, resource: null }
  const named = resourceOf(parsed.delivery)
  return { event: parsed.delivery.event, resource: named.kind === 'malformed' ? null : named.resource }
}
