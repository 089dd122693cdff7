import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { type DeliveryMessage, toSqsEntryAgain } from '../ingest/message.ts'
import { fewAtOnce } from '../platform/few-at-once.ts'
import { inBatches } from '../platform/in-batches.ts'

/** SQS refuses a body or an attribute with other characters, and quarantine must not fail for a reason's sake. */
const plain = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 500)

const attribute = (value: string) => ({ DataType: 'String', StringValue: plain(value) || 'none' })

/** A message to put on the queue, and when it is to be seen. */
export type Resend = { message: DeliveryMessage; delaySeconds: number }

/** What one request to SQS takes, in messages and in bytes with their attributes. */
const LIMITS = { entries: 10, bytes: 1_048_576 }
const ATTRIBUTE_BYTES = 512

export type Fault = { class: string; reason: string }
/** Attempts are deferrals of a message of ours, receives of any other. */
export type FirstSeen = { at: number; attempts: number }

/** A message as the queue has it, whatever it is. */
export type Raw = { body: string; attributes: Record<string, { DataType: string; StringValue: string }> }

/** Where messages go that are not done with: the queue again, or quarantine. */
export function createMailbox(client: SQSClient, urls: { deliveries: string; quarantine: string }) {
  const faultAttributes = (fault: Fault, seen: FirstSeen) => ({
    class: attribute(fault.class),
    reason: attribute(fault.reason),
    firstSeen: attribute(new Date(seen.at).toISOString()),
    attempts: { DataType: 'Number', StringValue: String(seen.attempts) },
  })
  /** Ten messages a request: a storm puts off as many as it works off. Answers `null` for each that the queue has. */
  async function sendAll(messages: readonly Omit<SendMessageBatchRequestEntry, 'Id'>[]): Promise<(string | null)[]> {
    const results: (string | null)[] = messages.map(() => 'no answer')
    const entries = messages.map((message, index) => ({ Id: String(index), ...message }))
    const sizeOf = ({ MessageBody = '' }: SendMessageBatchRequestEntry) =>
      Buffer.byteLength(MessageBody) + ATTRIBUTE_BYTES
    await fewAtOnce(inBatches(entries, sizeOf, LIMITS), async (Entries) => {
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: urls.deliveries, Entries }))
      for (const { Id } of answer.Successful ?? []) results[Number(Id)] = null
      for (const { Id, Code } of answer.Failed ?? []) results[Number(Id)] = Code ?? 'refused'
    })
    return results
  }

  return {
    /** Puts messages of ours on the queue again. */
    sendAgain: (resends: readonly Resend[]): Promise<(string | null)[]> =>
      sendAll(
        resends.map(({ message, delaySeconds }) => ({ DelaySeconds: delaySeconds, ...toSqsEntryAgain(message) })),
      ),

    /** Puts messages on the queue again as they came, unread. */
    sendBack: (raws: readonly Raw[], delaySeconds: number): Promise<(string | null)[]> =>
      sendAll(
        raws.map(({ body, attributes }) => ({
          ...{ DelaySeconds: delaySeconds, MessageBody: body, MessageAttributes: attributes },
        })),
      ),

    /** Sets a message aside with its reason; its own attributes stay, so that it can be sent back as it is. */
    async quarantine(message: DeliveryMessage, fault: Fault): Promise<void> {
      const { MessageBody, MessageAttributes } = toSqsEntryAgain(message)
      const seen = faultAttributes(fault, { at: message.receivedAt, attempts: message.attempts })
      await client.send(
        new SendMessageCommand({
          QueueUrl: urls.quarantine,
          MessageBody,
          MessageAttributes: { ...MessageAttributes, ...seen },
        }),
      )
    },

    /** The same for what is no message of ours at all. */
    async quarantineRaw(body: string, fault: Fault, seen: FirstSeen): Promise<void> {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urls.quarantine,
          MessageBody: body === '' ? 'empty' : body,
          MessageAttributes: faultAttributes(fault, seen),
        }),
      )
    },

    /** Has a failed message come again in seconds rather than after the queue's visibility time-out. */
    async retryIn(receiptHandle: string, seconds: number): Promise<void> {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urls.deliveries,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      )
    },
  }
}
