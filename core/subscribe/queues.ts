import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { amendedPolicy, policyOfOwnQueue, sidOf } from './queue-policy.ts'
import { MAX_RECEIVES, RETENTION_DAYS } from './subscription.ts'

export type OwnQueue = {
  name: string
  ruleArn: string
  tags: Record<string, string>
  /** Names the rule's statement in the policy. */
  sid: string
  /** Where a reader's failures go; absent for a dead-letter queue itself. */
  deadLettersArn?: string
}

/** The queues of subscriptions. */
export function createSubscriptionQueues(sqs: SQSClient) {
  /** `null` where there is none of this name. */
  async function urlOf(name: string): Promise<string | null> {
    try {
      return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? null
    } catch (error) {
      if (error instanceof Error && error.name === 'QueueDoesNotExist') return null
      throw error
    }
  }

  async function attributeOf(url: string, name: 'QueueArn' | 'Policy' | 'ApproximateNumberOfMessages') {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] }))
    return Attributes?.[name]
  }

  /** A queue that only one rule may send to, made or mended. */
  async function make({ name, ruleArn, tags, sid, deadLettersArn }: OwnQueue): Promise<{ url: string; arn: string }> {
    const found = await urlOf(name)
    // Without attributes first: of one that is there SQS refuses others than it has.
    const url = found ?? (await sqs.send(new CreateQueueCommand({ QueueName: name, tags }))).QueueUrl ?? ''
    const arn = (await attributeOf(url, 'QueueArn')) ?? ''
    const redrive = { deadLetterTargetArn: deadLettersArn, maxReceiveCount: MAX_RECEIVES }
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: {
          MessageRetentionPeriod: String(RETENTION_DAYS * 86_400),
          SqsManagedSseEnabled: 'true',
          Policy: policyOfOwnQueue(ruleArn, arn, sidOf(sid)),
          ...(deadLettersArn === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
        },
      }),
    )
    return { url, arn }
  }

  async function amend(arn: string, sid: string, ruleArn: string | null): Promise<void> {
    const url = await urlOf(nameOf(arn))
    if (url === null && ruleArn === null) return
    if (url === null) throw new NoSuchQueue(arn)
    // By its name another account's or region's queue is found as one of ours, and that is nobody's who was meant.
    if ((await attributeOf(url, 'QueueArn')) !== arn) {
      if (ruleArn === null) return
      throw new NoSuchQueue(arn)
    }
    const Policy = amendedPolicy(await attributeOf(url, 'Policy'), { sid: sidOf(sid), queueArn: arn, ruleArn })
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }))
  }

  return {
    make,
    /** Lets the rule send to somebody else's queue. @throws NoSuchQueue, UnreadablePolicy */
    admit: (arn: string, { sid, ruleArn }: { sid: string; ruleArn: string }) => amend(arn, sid, ruleArn),
    dismiss: (arn: string, sid: string) => amend(arn, sid, null),
    async remove(name: string): Promise<void> {
      const url = await urlOf(name)
      if (url !== null) await sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    },
    /** Messages in it, about; `null` where there is no such queue. */
    async depth(name: string): Promise<number | null> {
      const url = await urlOf(name)
      return url === null ? null : Number((await attributeOf(url, 'ApproximateNumberOfMessages')) ?? 0)
    },
  }
}

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1)

/** A queue that was named is not in this account and region. */
export class NoSuchQueue extends Error {
  override readonly name = 'NoSuchQueue'
  constructor(arn: string) {
    super(`There is no queue ${arn} in this account and region.`)
  }
}
