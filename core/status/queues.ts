import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'

/** How many messages a queue has; SQS counts approximately. */
export type QueueDepth = {
  waiting: number
  /** Received, and neither done nor back yet. */
  inFlight: number
  /** Put off for later. */
  deferred: number
}

const count = z.coerce.number().int().nonnegative()
const depthSchema = z.looseObject({
  ApproximateNumberOfMessages: count,
  ApproximateNumberOfMessagesNotVisible: count,
  ApproximateNumberOfMessagesDelayed: count,
})

export async function depthOf(sqs: SQSClient, url: string): Promise<QueueDepth> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  )
  const depth = depthSchema.parse(Attributes ?? {})
  return {
    waiting: depth.ApproximateNumberOfMessages,
    inFlight: depth.ApproximateNumberOfMessagesNotVisible,
    deferred: depth.ApproximateNumberOfMessagesDelayed,
  }
}

export const sizeOf = ({ waiting, inFlight, deferred }: QueueDepth): number => waiting + inFlight + deferred
