import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { type DeliveryMessage, toSqsEntry } from './message.ts'

/** Puts a message on the deliveries queue. Resolves only when the queue has it; rejects when it refuses. */
export type Enqueue = (message: DeliveryMessage) => Promise<void>

export const deliveriesQueue =
  (client: SQSClient, queueUrl: string): Enqueue =>
  async (message) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, ...toSqsEntry(message) }))
  }
