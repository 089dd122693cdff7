import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { inBatches } from '../platform/in-batches.ts'
import { type Quarantined, quarantinedOf } from './quarantined.ts'

export type QuarantineQueues = {
  sqs: SQSClient
  /** URLs. */
  quarantine: string
  deliveries: string
  /**
   * How long to wait for a message before the queue counts as empty, seconds. Not 0 on AWS: without waiting SQS asks only some
   * of its servers.
   * @default 1
   */
  waitSeconds?: number
}

/**
 * SQS shows a message only to whoever takes it: for so long nobody else sees it. Whoever crashes or is ended by Ctrl-C holds
 * nothing back for longer.
 */
const HOLD_SECONDS = 120

const BATCH = 10
const inTens = <Item>(items: readonly Item[]) =>
  inBatches(items, () => 0, { entries: BATCH, bytes: Number.POSITIVE_INFINITY })

/** One person's view of the quarantine: what is taken is held for two minutes and given back at the end, unless it was removed. */
export type QuarantineView = {
  /** Up to so many messages, at most ten; none when all there is is held. A message may be seen again. */
  next(most?: number, how?: { wait: boolean }): Promise<Quarantined[]>
  /** Takes messages out of the queue for ever. Answers the ids of those that are out. */
  remove(messages: readonly Quarantined[]): Promise<ReadonlySet<string>>
  /** Lets everybody see at once what is still held. */
  giveBack(): Promise<void>
}

export async function viewQuarantine(queues: QuarantineQueues): Promise<QuarantineView> {
  const { sqs, quarantine: QueueUrl, waitSeconds = 1 } = queues
  const maxReceives = await maxReceivesOf(queues)
  const held = new Map<string, string>()
  return {
    async next(most = BATCH, { wait } = { wait: true }) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(BATCH, Math.max(1, most)),
          VisibilityTimeout: HOLD_SECONDS,
          WaitTimeSeconds: wait ? waitSeconds : 0,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      )
      const messages = Messages.map((each) => quarantinedOf(each, maxReceives))
      for (const { id, receipt } of messages) held.set(id, receipt)
      return messages
    },
    async remove(messages) {
      const out = new Set<string>()
      for (const batch of inTens(messages)) {
        const Entries = batch.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt }))
        const { Successful } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
        for (const { Id } of Successful ?? []) {
          const id = batch[Number(Id)]?.id
          if (id === undefined) continue
          out.add(id)
          held.delete(id)
        }
      }
      return out
    },
    async giveBack() {
      for (const batch of inTens([...held.values()])) {
        const Entries = batch.map((receipt, i) => ({ Id: String(i), ReceiptHandle: receipt, VisibilityTimeout: 0 }))
        // One whose time has run out is refused, and everybody sees it already.
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
      }
      held.clear()
    },
  }
}

const redriveSchema = z.looseObject({ maxReceiveCount: z.coerce.number().int().positive() })

/** How often the deliveries queue gives out a message before SQS moves it to the quarantine; null where it does not say. */
async function maxReceivesOf({ sqs, deliveries }: QuarantineQueues): Promise<number | null> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deliveries, AttributeNames: ['RedrivePolicy'] }),
  )
  const policy = Attributes?.RedrivePolicy
  if (policy === undefined) return null
  const parsed = redriveSchema.safeParse(JSON.parse(policy))
  return parsed.success ? parsed.data.maxReceiveCount : null
}
