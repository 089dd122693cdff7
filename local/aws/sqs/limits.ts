import * as z from 'zod'
import type { JsonObject } from '../call.ts'
import { AwsError } from '../json-protocol.ts'

/**
 * What SQS refuses and fauxqs lets pass: a deferral longer than 15 minutes, an eleventh attribute, an empty one.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MAX_DELAY_SECONDS = 900
const MAX_ATTRIBUTES = 10

const messageSchema = z.looseObject({
  DelaySeconds: z.number().optional(),
  MessageAttributes: z
    .record(z.string(), z.looseObject({ StringValue: z.string().optional(), BinaryValue: z.string().optional() }))
    .optional(),
})
const batchSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })).default([]) })

function fault(message: unknown): string | null {
  const parsed = messageSchema.safeParse(message)
  if (!parsed.success) return 'The request is malformed.'
  const { DelaySeconds: delay = 0, MessageAttributes: attributes = {} } = parsed.data
  if (delay < 0 || delay > MAX_DELAY_SECONDS) {
    return `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`
  }
  const count = Object.keys(attributes).length
  if (count > MAX_ATTRIBUTES) {
    return `Number of message attributes [${count}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`
  }
  for (const [name, { StringValue: text, BinaryValue: binary }] of Object.entries(attributes)) {
    if ((text ?? '') === '' && (binary ?? '') === '') {
      return `Message (user) attribute '${name}' must contain a non-empty attribute value.`
    }
  }
  return null
}

type FailedEntry = { Id: string; SenderFault: true; Code: string; Message: string }

/** @throws AwsError InvalidParameterValue for a message that SQS would not take */
export function checkMessage(body: JsonObject): void {
  const message = fault(body)
  if (message !== null) throw new AwsError('InvalidParameterValue', message)
}

/** The entries of a batch that SQS would take, and the others as the answer names them. */
export function splitBatch(body: JsonObject): { accepted: unknown[]; failed: FailedEntry[] } {
  const parsed = batchSchema.safeParse(body)
  // What is malformed in another way is left for fauxqs to refuse.
  if (!parsed.success) return { accepted: [], failed: [] }
  const failed: FailedEntry[] = []
  const accepted = parsed.data.Entries.filter((entry) => {
    const message = fault(entry)
    if (message === null) return true
    failed.push({ Id: entry.Id, SenderFault: true, Code: 'InvalidParameterValue', Message: message })
    return false
  })
  return { accepted, failed }
}
