import * as z from 'zod'
import { type DeliveryMessage, parseMessage } from '../../core/ingest/message.ts'

/** An SQS event, as far as it is used. */
const eventSchema = z.looseObject({
  Records: z.array(
    z.looseObject({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.looseObject({
        ApproximateReceiveCount: z.coerce.number().catch(1),
        ApproximateFirstReceiveTimestamp: z.coerce.number().catch(0),
      }),
      messageAttributes: z
        .record(
          z.string(),
          z.looseObject({ stringValue: z.string().optional(), dataType: z.string().default('String') }),
        )
        .catch({}),
    }),
  ),
})

export type Envelope = {
  messageId: string
  receiptHandle: string
  body: string
  /** Its own attributes, as they are sent. */
  attributes: Attributes
  receives: number
  firstReceivedAt: number
}
type Attributes = { [name: string]: { DataType: string; StringValue: string } }

export type Record =
  | { kind: 'message'; envelope: Envelope; message: DeliveryMessage }
  /** On our queue and none of our messages. */
  | { kind: 'malformed'; envelope: Envelope; reason: string }

/** @throws when the event is none of SQS: then nothing in it can be answered for. */
export function recordsOf(event: unknown): Record[] {
  return eventSchema.parse(event).Records.map(({ messageId, receiptHandle, body, attributes, messageAttributes }) => {
    const told = Object.entries(messageAttributes)
    const own = told.flatMap(([name, { stringValue, dataType }]) =>
      stringValue === undefined ? [] : [[name, { DataType: dataType, StringValue: stringValue }] as const],
    )
    const envelope = {
      messageId,
      receiptHandle,
      body,
      attributes: Object.fromEntries(own),
      receives: attributes.ApproximateReceiveCount,
      firstReceivedAt: attributes.ApproximateFirstReceiveTimestamp,
    }
    const texts = told.map(([name, { stringValue }]) => [name, stringValue])
    const parsed = parseMessage(body, Object.fromEntries(texts))
    return { ...parsed, envelope }
  })
}
