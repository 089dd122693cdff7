import * as z from 'zod'
import { templateError } from '../errors.ts'
import { kind, physicalName } from './kind.ts'

const subscriptionSchema = z.strictObject({ Protocol: z.string(), Endpoint: z.string() })

export const topic = kind({
  schema: z.strictObject({
    TopicName: z.string().optional(),
    DisplayName: z.string().optional(),
    Subscription: z.array(subscriptionSchema).default([]),
    FifoTopic: z.literal(false).optional(),
  }),
  // Nothing is encrypted here.
  ignores: ['KmsMasterKeyId', 'SignatureVersion', 'Tags', 'TracingConfig'],
  make({ TopicName, DisplayName, Subscription }, resource, deployment) {
    const name = TopicName ?? physicalName(resource, 256)
    const { sns } = deployment.gateway
    const { arn } = sns.createTopic({ name, attributes: DisplayName === undefined ? {} : { DisplayName } })
    for (const { Protocol, Endpoint } of Subscription) sns.subscribe(arn, Protocol, Endpoint)
    deployment.topics.push({ path: resource.path, name, arn, policies: [] })
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } }
  },
})

export const subscription = kind({
  schema: z.strictObject({ TopicArn: z.string(), Protocol: z.string(), Endpoint: z.string() }),
  ignores: [],
  make({ TopicArn, Protocol, Endpoint }, resource, deployment) {
    if (!deployment.topics.some(({ arn }) => arn === TopicArn))
      throw templateError(resource.where, `no topic ${TopicArn}`)
    const { arn } = deployment.gateway.sns.subscribe(TopicArn, Protocol, Endpoint)
    return { ref: arn, attributes: { Arn: arn } }
  },
})

const texts = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

/** Whom a statement of a topic's policy lets do something; other principals than services are accounts, and here there is one. */
const grantSchema = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Principal: z.looseObject({ Service: texts }),
})

export const topicPolicy = kind({
  schema: z.strictObject({
    PolicyDocument: z.looseObject({ Statement: z.array(z.unknown()) }),
    Topics: z.array(z.string()),
  }),
  ignores: [],
  make({ PolicyDocument, Topics }, resource, deployment) {
    const grants = PolicyDocument.Statement.map((statement) => grantSchema.safeParse(statement).data)
      .filter((grant) => grant !== undefined)
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Resource, Principal }) => ({ actions: Action, resources: Resource, services: Principal.Service }))
    for (const arn of Topics) {
      const found = deployment.topics.find((one) => one.arn === arn)
      if (found === undefined) throw templateError(resource.where, `no topic ${arn}`)
      // A policy of one's own takes the place of the one that lets everything of the account publish.
      found.policies.push(grants)
    }
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } }
  },
})
