import * as z from 'zod'

/** What SQS does not carry: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const NOT_CARRIED = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

const carried = z
  .string()
  .min(1)
  .refine((text) => !NOT_CARRIED.test(text), 'has characters that are not carried')
const attribute = z.strictObject({ DataType: z.enum(['String', 'Number']), StringValue: carried })

const message = {
  MessageBody: carried,
  MessageAttributes: z.record(z.string(), attribute).default({}),
  DelaySeconds: z.int().min(0).max(900).default(0),
}
const visibility = { ReceiptHandle: z.string(), VisibilityTimeout: z.int().min(0).max(43_200) }
const QueueUrl = z.string()
const Id = z.string()

/** A batch is of one to ten entries with ids of their own. */
const batchOf = <Entry extends z.ZodType<{ Id: string }>>(entry: Entry) =>
  z
    .array(entry)
    .min(1)
    .max(10)
    .refine((entries) => new Set(entries.map((each) => each.Id)).size === entries.length, 'has the same id twice')

// Strict: a parameter that is not simulated is refused rather than passed over.

export const sendSchema = z.strictObject({ QueueUrl, ...message })
export const sendBatchSchema = z.strictObject({ QueueUrl, Entries: batchOf(z.strictObject({ Id, ...message })) })
export const visibilitySchema = z.strictObject({ QueueUrl, ...visibility })
export const visibilityBatchSchema = z.strictObject({
  QueueUrl,
  Entries: batchOf(z.strictObject({ Id, ...visibility })),
})
