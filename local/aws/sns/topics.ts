import { randomUUID } from 'node:crypto'
import { AwsError } from '../json-protocol.ts'

/** `confirmed` gets what is published; `pending` has not said yes to it. */
export type Subscription = {
  arn: string
  topicArn: string
  protocol: string
  endpoint: string
  state: 'confirmed' | 'pending'
  /** What confirms it: an endpoint is told, and nobody else. */
  token: string
}

export type Notification = { subject: string | undefined; message: string }

export type Topic = {
  arn: string
  name: string
  attributes: Readonly<Record<string, string>>
  subscriptions: Subscription[]
  /** The newest of what was published, oldest first. */
  published: Notification[]
}

const MOST_PUBLISHED = 200
/** Protocols that are one's own account's business; for all others somebody has to say yes. */
const CONFIRMED_AT_ONCE = ['sqs', 'lambda']
const PROTOCOLS = [...CONFIRMED_AT_ONCE, 'email', 'email-json', 'http', 'https', 'sms']

const notFound = (what: string) => new AwsError('NotFound', `${what} does not exist`, 404)
const invalid = (message: string) => new AwsError('InvalidParameter', `Invalid parameter: ${message}`)

/** Topics in memory, with who has subscribed. */
export function createTopics() {
  const topics = new Map<string, Topic>()

  /** @throws AwsError NotFound */
  function topic(arn: string): Topic {
    const found = topics.get(arn)
    if (found === undefined) throw notFound('Topic')
    return found
  }

  const subscriptions = () => [...topics.values()].flatMap((each) => each.subscriptions)

  return {
    topic,
    topics: () => [...topics.values()],
    subscriptions,
    create(made: Pick<Topic, 'arn' | 'name' | 'attributes'>): Topic {
      const known = topics.get(made.arn) ?? { ...made, subscriptions: [], published: [] }
      topics.set(made.arn, known)
      return known
    },
    /** The same endpoint again is the same subscription. @throws AwsError NotFound, InvalidParameter */
    subscribe(topicArn: string, protocol: string, endpoint: string): Subscription {
      const { subscriptions: of } = topic(topicArn)
      if (!PROTOCOLS.includes(protocol)) throw invalid(`the protocol ${protocol} is not supported by the local stack`)
      if (endpoint === '') throw invalid('Endpoint')
      const known = of.find((each) => each.protocol === protocol && each.endpoint === endpoint)
      if (known !== undefined) return known
      const state = CONFIRMED_AT_ONCE.includes(protocol) ? 'confirmed' : 'pending'
      const made: Subscription = {
        ...{ arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint, state },
        token: randomUUID().replaceAll('-', ''),
      }
      of.push(made)
      return made
    },
    /** @throws AwsError InvalidParameter for a token that nobody was given */
    confirm(topicArn: string, token: string): Subscription {
      const found = topic(topicArn).subscriptions.find((each) => each.token === token)
      if (found === undefined) throw invalid('Invalid token')
      found.state = 'confirmed'
      return found
    },
    unsubscribe(arn: string): void {
      const found = subscriptions().find((each) => each.arn === arn)
      if (found === undefined) throw notFound('Subscription')
      const { subscriptions: of } = topic(found.topicArn)
      of.splice(of.indexOf(found), 1)
    },
    keep(arn: string, notification: Notification): void {
      const { published } = topic(arn)
      published.push(notification)
      if (published.length > MOST_PUBLISHED) published.shift()
    },
  }
}
