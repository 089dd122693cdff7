import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import type { AwsCall } from '../aws/gateway.ts'
import { toRecord } from '../stack/poller/record.ts'
import type { LocalSystem } from '../start/system.ts'

const answerSchema = z.looseObject({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) })

/** What a function has said of a batch: the ids of what comes again. */
export const failuresIn = (answer: unknown): string[] =>
  answerSchema.parse(answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)

/** Queues with an operator's rights: what Lambda's own polling does with the rights of a role is judged when the stack starts. */
export function createQueues({ clients: { sqs }, gateway }: Pick<LocalSystem, 'clients' | 'gateway'>) {
  const arnOf = (url: string) => `arn:aws:sqs:${gateway.region}:${gateway.account}:${url.split('/').at(-1)}`
  return {
    async send(QueueUrl: string, message: string | Omit<SendMessageCommandInput, 'QueueUrl'>): Promise<void> {
      const given = typeof message === 'string' ? { MessageBody: message } : message
      await sqs.send(new SendMessageCommand({ QueueUrl, ...given }))
    },
    /** What can be received now, as Lambda would hand it over; it is invisible then until it is removed or given back. */
    async take(QueueUrl: string, most = 10): Promise<SQSRecord[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: most, WaitTimeSeconds: 0, VisibilityTimeout: 120 },
          ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
        }),
      )
      return Messages.map((message) => toRecord(message, arnOf(QueueUrl), gateway.region))
    },
    async remove(QueueUrl: string, { receiptHandle }: Pick<SQSRecord, 'receiptHandle'>): Promise<void> {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }))
    },
    async giveBack(QueueUrl: string, { receiptHandle }: Pick<SQSRecord, 'receiptHandle'>): Promise<void> {
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }),
      )
    },
    /** Messages that wait to be seen for the first time or can be received now. */
    async waiting(QueueUrl: string): Promise<{ visible: number; delayed: number }> {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          ...{ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed'] },
        }),
      )
      return {
        visible: Number(Attributes['ApproximateNumberOfMessages']),
        delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed']),
      }
    },
    async purge(QueueUrl: string): Promise<void> {
      await sqs.send(new PurgeQueueCommand({ QueueUrl }))
    },
  }
}
export type Queues = ReturnType<typeof createQueues>

/** What is sent on to these queues is there at once: SQS delays by whole seconds, and here nobody has so many of them. */
export function withoutDelay(urls: readonly (string | undefined)[]) {
  return ({ action, body }: Pick<AwsCall, 'action' | 'body'>) => {
    const sent = sentSchema.safeParse(body)
    if (action !== 'sqs:SendMessage' || !sent.success || !urls.includes(sent.data.QueueUrl)) return undefined
    return { ...sent.data, DelaySeconds: 0 }
  }
}
const sentSchema = z.looseObject({ QueueUrl: z.string(), DelaySeconds: z.number() })
