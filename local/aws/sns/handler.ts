import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import { nameOf } from '../arns.ts'
import type { Home, OtherHandler } from '../call.ts'
import { AwsError } from '../json-protocol.ts'
import type { Sqs } from '../sqs/handler.ts'
import { createSnsDelivery } from './deliver.ts'
import { type Answer, queryRefusal, queryReply, readQuery } from './query-protocol.ts'
import { createTopics, type Notification, type Subscription, type Topic } from './topics.ts'

/** What the stack itself does with SNS, beside what is asked over the wire. */
export type Sns = {
  /** @param topic.attributes as `GetTopicAttributes` tells them */
  createTopic(topic: { name: string; attributes?: Record<string, string> }): { arn: string }
  subscribe(topicArn: string, protocol: string, endpoint: string): Subscription
  topics(): readonly Topic[]
}

const PENDING = 'PendingConfirmation'

/** SNS: topics, who has subscribed, and what was published. */
export function createSns(
  home: Home,
  {
    sqs,
    invoke,
    clock,
  }: { sqs: Sqs; invoke: (functionArn: string, payload: unknown) => Promise<unknown>; clock: Clock },
) {
  const topics = createTopics()
  const delivery = createSnsDelivery(sqs, invoke, clock)

  function subscribe(topicArn: string, protocol: string, endpoint: string): Subscription {
    const subscription = topics.subscribe(topicArn, protocol, endpoint)
    // An endpoint that does not answer stays pending.
    if (subscription.state === 'pending') delivery.ask(subscription).catch(() => undefined)
    return subscription
  }

  /** Delivers on its own time, as the service does. @throws AwsError NotFound */
  function publish(topicArn: string, notification: Notification): void {
    topics.keep(topicArn, notification)
    for (const subscription of topics.topic(topicArn).subscriptions)
      delivery.deliver(subscription, notification).catch(() => undefined)
  }

  const answers: Record<string, (asked: URLSearchParams) => Answer> = {
    ListTopics: () => ({ Topics: topics.topics().map(({ arn: TopicArn }) => ({ TopicArn })) }),
    GetTopicAttributes: (asked) => ({ Attributes: attributesOf(topics.topic(asked.get('TopicArn') ?? '')) }),
    ListSubscriptions: () => ({ Subscriptions: topics.subscriptions().map(told) }),
    ListSubscriptionsByTopic: (asked) => ({
      Subscriptions: topics.topic(asked.get('TopicArn') ?? '').subscriptions.map(told),
    }),
    Subscribe(asked) {
      const of = subscribe(asked.get('TopicArn') ?? '', asked.get('Protocol') ?? '', asked.get('Endpoint') ?? '')
      const tell = of.state === 'confirmed' || asked.get('ReturnSubscriptionArn') === 'true'
      return { SubscriptionArn: tell ? of.arn : 'pending confirmation' }
    },
    ConfirmSubscription: (asked) => ({
      SubscriptionArn: topics.confirm(asked.get('TopicArn') ?? '', asked.get('Token') ?? '').arn,
    }),
    Unsubscribe(asked) {
      topics.unsubscribe(asked.get('SubscriptionArn') ?? '')
      return {}
    },
    Publish(asked) {
      const notification = { subject: asked.get('Subject') ?? undefined, message: asked.get('Message') ?? '' }
      publish(asked.get('TopicArn') ?? asked.get('TargetArn') ?? '', notification)
      return { MessageId: randomUUID() }
    },
  }

  const told = ({ arn, topicArn, protocol, endpoint, state }: Subscription): Answer => ({
    ...{ SubscriptionArn: state === 'confirmed' ? arn : PENDING, Owner: home.account },
    ...{ Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn },
  })

  const attributesOf = ({ arn, attributes, subscriptions }: Topic): ReadonlyMap<string, string> => {
    const inState = (state: Subscription['state']) =>
      String(subscriptions.filter((each) => each.state === state).length)
    return new Map([
      ...Object.entries(attributes),
      ['TopicArn', arn],
      ['Owner', home.account],
      ['SubscriptionsConfirmed', inState('confirmed')],
      ['SubscriptionsPending', inState('pending')],
    ])
  }

  const handle: OtherHandler = async (request, authorise) => {
    try {
      const { action, parameters } = readQuery(request.text)
      const topicArn = parameters.get('TopicArn') ?? parameters.get('TargetArn')
      authorise({
        action: `sns:${action}`,
        resources: [topicArn ?? '*'],
        body: Object.fromEntries(parameters),
      })
      const answer = answers[action]
      if (answer === undefined) throw new AwsError('InvalidAction', `${action} is not supported by the local stack.`)
      return queryReply(action, answer(parameters))
    } catch (error) {
      return queryRefusal(error)
    }
  }

  const service: Sns = {
    createTopic: ({ name, attributes = {} }) =>
      topics.create({ arn: `arn:aws:sns:${home.region}:${home.account}:${nameOf(name)}`, name, attributes }),
    subscribe,
    topics: topics.topics,
  }
  return { handle, publish, service }
}
