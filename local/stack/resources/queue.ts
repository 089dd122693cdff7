import * as z from 'zod'
import { templateError } from '../errors.ts'
import { kind, physicalName } from './kind.ts'

const seconds = z.coerce.number().int().min(0)
const policy = z.record(z.string(), z.unknown())

export const queue = kind({
  schema: z.strictObject({
    QueueName: z.string().optional(),
    DelaySeconds: seconds.optional(),
    MaximumMessageSize: seconds.optional(),
    MessageRetentionPeriod: seconds.optional(),
    ReceiveMessageWaitTimeSeconds: seconds.optional(),
    VisibilityTimeout: seconds.optional(),
    RedrivePolicy: policy.optional(),
    RedriveAllowPolicy: policy.optional(),
  }),
  // Encryption has no meaning on loopback; FifoQueue is not here, so it is refused: its order is not what the poller keeps.
  ignores: ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'Tags'],
  async make({ QueueName, ...settings }, resource, deployment) {
    const name = QueueName ?? physicalName(resource, 80)
    const { url, arn } = await deployment.gateway.createQueue({ name, attributes: attributesOf(settings) })
    const visibilitySeconds = settings.VisibilityTimeout ?? 30
    deployment.queues.push({ path: resource.path, name, url, arn, visibilitySeconds })
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } }
  },
})

function attributesOf(settings: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  )
}

const texts = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

const grantSchema = z.looseObject({
  Effect: z.literal('Allow'),
  Action: texts,
  Resource: texts,
  Principal: z.looseObject({ Service: z.string() }),
  Condition: z
    .looseObject({
      ArnEquals: z.looseObject({ 'aws:SourceArn': texts }).optional(),
      ArnLike: z.looseObject({ 'aws:SourceArn': texts }).optional(),
    })
    .optional(),
})

/** Kept only for what it lets AWS services send: a rule's target or dead-letter queue fails without it. */
export const queuePolicy = kind({
  schema: z.strictObject({
    PolicyDocument: z.looseObject({ Statement: z.array(z.unknown()) }),
    Queues: z.array(z.string()),
  }),
  ignores: [],
  make({ PolicyDocument, Queues }, resource, deployment) {
    for (const url of Queues) {
      if (!deployment.queues.some((one) => one.url === url)) throw templateError(resource.where, `no queue ${url}`)
    }
    for (const given of PolicyDocument.Statement) {
      const statement = grantSchema.safeParse(given)
      if (!statement.success) continue
      const { Action, Resource, Principal, Condition } = statement.data
      deployment.queueGrants.push({
        service: Principal.Service,
        actions: Action,
        queueArns: Resource,
        sourceArns: Condition?.ArnEquals?.['aws:SourceArn'] ?? Condition?.ArnLike?.['aws:SourceArn'] ?? ['*'],
      })
    }
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } }
  },
})
