import { SQSClient } from '@aws-sdk/client-sqs'
import type * as z from 'zod'
import type { Random } from '../../../clickup/random.ts'
import type { VirtualTime } from '../../time.ts'
import { type Caller, inProcess, type Latency, type Operation, REGION } from '../in-process.ts'
import { type Bill, bytesOf, createBill } from './bill.ts'
import { noSuchQueue, refused } from './errors.ts'
import { createQueue, type Queue, type QueueSettings, type Received } from './queue.ts'
import { sendBatchSchema, sendSchema, visibilityBatchSchema, visibilitySchema } from './requests.ts'

const LATENCY: Latency = [5, 15]
/** Of one message and of a batch: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_BYTES = 1_048_576

/** Queues in memory. */
export type MemorySqs = {
  client(caller: Caller): SQSClient
  queue(url: string): Queue
  /** What a service of AWS asks for a function, on the function's bill. */
  receive(url: string, most: number): Received[]
  delete(url: string, receipts: readonly string[]): void
  bill(): Bill
}

type Services = { time: VirtualTime; random: Random }

export function createMemorySqs(settings: Readonly<Record<string, QueueSettings>>, services: Services): MemorySqs {
  const bill = createBill()
  const queues = new Map(
    Object.entries(settings).map(([url, each]) => {
      const random = services.random.fork(url)
      return [url, createQueue(each, { time: services.time, random })] as const
    }),
  )

  function queueOf(url: string): Queue {
    const queue = queues.get(url)
    if (queue === undefined) throw noSuchQueue(url)
    return queue
  }

  const SendMessage: Operation = (input) => {
    const { QueueUrl, MessageBody, MessageAttributes, DelaySeconds } = parsed(sendSchema, input)
    const bytes = bytesOf({ body: MessageBody, attributes: MessageAttributes })
    bill.add('SendMessage', bytes)
    if (bytes > MAX_BYTES) throw refused('InvalidParameterValue', 'One or more parameters are invalid: too long')
    return { MessageId: queueOf(QueueUrl).send(MessageBody, MessageAttributes, DelaySeconds) }
  }

  const SendMessageBatch: Operation = (input) => {
    const { QueueUrl, Entries } = parsed(sendBatchSchema, input)
    const sizes = Entries.map((entry) => bytesOf({ body: entry.MessageBody, attributes: entry.MessageAttributes }))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    bill.add('SendMessageBatch', bytes)
    if (bytes > MAX_BYTES)
      throw refused('BatchRequestTooLong', 'The length of all the messages put together is too long')
    const queue = queueOf(QueueUrl)
    const Successful = Entries.map(({ Id, MessageBody, MessageAttributes, DelaySeconds }) => ({
      Id,
      MessageId: queue.send(MessageBody, MessageAttributes, DelaySeconds),
    }))
    return { Successful, Failed: [] }
  }

  const ChangeMessageVisibility: Operation = (input) => {
    const { QueueUrl, ReceiptHandle, VisibilityTimeout } = parsed(visibilitySchema, input)
    bill.add('ChangeMessageVisibility', 0)
    if (queueOf(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout)) return {}
    throw refused('MessageNotInflight', 'The specified message is not in flight')
  }

  const ChangeMessageVisibilityBatch: Operation = (input) => {
    const { QueueUrl, Entries } = parsed(visibilityBatchSchema, input)
    bill.add('ChangeMessageVisibilityBatch', 0)
    const queue = queueOf(QueueUrl)
    const results = Entries.map(({ Id, ReceiptHandle, VisibilityTimeout }) => ({
      Id,
      changed: queue.changeVisibility(ReceiptHandle, VisibilityTimeout),
    }))
    return {
      Successful: results.filter(({ changed }) => changed).map(({ Id }) => ({ Id })),
      Failed: results
        .filter(({ changed }) => !changed)
        .map(({ Id }) => ({ Id, SenderFault: true, Code: 'MessageNotInflight' })),
    }
  }

  const operations = new Map(
    Object.entries({ SendMessage, SendMessageBatch, ChangeMessageVisibility, ChangeMessageVisibilityBatch }),
  )

  return {
    client: (caller) => inProcess(new SQSClient({ region: REGION }), caller, LATENCY, operations),
    queue: queueOf,
    receive(url, most) {
      const received = queueOf(url).receive(most)
      // A poller without a message goes on waiting in the same request.
      const bytes = received.reduce((sum, message) => sum + bytesOf(message), 0)
      if (received.length > 0) bill.add('ReceiveMessage', bytes)
      return received
    },
    delete(url, receipts) {
      if (receipts.length === 0) return
      bill.add('DeleteMessageBatch', 0)
      for (const receipt of receipts) queueOf(url).delete(receipt)
    },
    bill: bill.read,
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const reasons = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw refused('InvalidParameterValue', `One or more parameters are invalid: ${reasons.join('; ')}`)
}
