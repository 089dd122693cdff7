import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type DeliveryMessage, packBytes } from '../../core/ingest/message.ts'
import type { Pace } from '../../core/platform/pace.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'

export const T = 1_789_000_000_000

/** As fast as it goes. */
export const unpaced: Pace = { most: 10, ready: async () => undefined, took: () => undefined }

export const deliveryMessage = (id: string, over: Partial<DeliveryMessage> = {}): DeliveryMessage => {
  const body = JSON.stringify({ event: 'taskUpdated', task_id: id, webhook_id: 'w', history_items: [] })
  const message = packBytes({ connection: 'main', slot: 'a', receivedAt: T }, Buffer.from(body))
  if (message === null) throw new Error('too large')
  return { ...message, ...over }
}

export type QuarantineStack = Awaited<ReturnType<typeof startQuarantine>>

/** The two queues of a stage, with the redrive policy that it has. */
export async function startQuarantine() {
  const gateway: AwsGateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sqs = new SQSClient({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
  let made = 0
  return {
    gateway,
    sqs,
    /** A fresh pair. */
    async queues() {
      made += 1
      const quarantine = await gateway.createQueue({ name: `quarantine${made}`, attributes: {} })
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: quarantine.arn, maxReceiveCount: 5 })
      const deliveries = await gateway.createQueue({ name: `deliveries${made}`, attributes: { RedrivePolicy } })
      const urls = { deliveries: deliveries.url, quarantine: quarantine.url }
      return { queues: { sqs, ...urls, waitSeconds: 0 }, mailbox: createMailbox(sqs, urls) }
    },
    async close() {
      sqs.destroy()
      await gateway.close()
    },
  }
}

/** Takes everything that is visible in a queue, with its attributes as text. */
export async function drain(sqs: SQSClient, QueueUrl: string) {
  const all: { body: string; attributes: Record<string, string> }[] = []
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    )
    if (Messages.length === 0) return all
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const told = Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue])
      all.push({ body: Body, attributes: Object.fromEntries(told) })
    }
  }
}

/** How many messages anybody could take now, and how many somebody holds. */
export async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<{ visible: number; held: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages']),
    held: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
  }
}
