import { type MessageAttributeValue, SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import type { Clock } from '../platform/clock.ts'
import { inBatches } from '../platform/in-batches.ts'
import type { Quarantined } from './quarantined.ts'
import type { QuarantineQueues } from './queue.ts'
import type { Act } from './take-out.ts'

/** What quarantine put on a message; `attempts` it overwrote. */
const FAULT_ATTRIBUTES = new Set(['class', 'reason', 'firstSeen', 'attempts'])

/** What one request to SQS takes, in messages and in bytes with their attributes. */
const LIMITS = { entries: 10, bytes: 1_048_576 }
const ATTRIBUTE_BYTES = 1_024

/**
 * Sends messages to the deliveries queue in the form that they had there, as if they had come just now, but with the time of their first arrival. Not SQS's own
 * redrive: that takes all or nothing, and leaves on each message why it was set aside.
 */
export const sendBack =
  ({ sqs, deliveries }: QuarantineQueues, clock: Clock): Act =>
  async (messages) => {
    const answers: (string | null)[] = messages.map(() => 'no answer')
    const entries = messages.map((each, i) => ({ Id: String(i), ...asItWas(each, clock.now()) }))
    for (const Entries of inBatches(
      entries,
      ({ MessageBody }) => Buffer.byteLength(MessageBody) + ATTRIBUTE_BYTES,
      LIMITS,
    )) {
      const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: deliveries, Entries }))
      for (const { Id } of Successful ?? []) answers[Number(Id)] = null
      for (const { Id, Code } of Failed ?? []) answers[Number(Id)] = Code ?? 'refused'
    }
    return answers
  }

/** Attributes that we do not know are kept as well: another version may have put them there. */
function asItWas({ body, attributes, message }: Quarantined, now: number) {
  const own = Object.entries(attributes).filter(([name]) => !FAULT_ATTRIBUTES.has(name))
  const ours = message === null ? {} : { attempts: number(0), resentAt: number(now) }
  return { MessageBody: body, MessageAttributes: { ...Object.fromEntries(own), ...ours } }
}

const number = (value: number): MessageAttributeValue => ({ DataType: 'Number', StringValue: String(value) })
