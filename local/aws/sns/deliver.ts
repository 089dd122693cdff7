import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import type { Sqs } from '../sqs/handler.ts'
import type { Notification, Subscription } from './topics.ts'

/** How long an endpoint on this machine may take to answer. */
const TIMEOUT_MS = 5_000

/**
 * Brings what was published to those who have said yes: queues, functions, and endpoints of this machine. Nothing leaves it, so
 * no mail is sent, and an endpoint elsewhere is never asked whether it wants to be one.
 */
export function createSnsDelivery(
  sqs: Sqs,
  invoke: (functionArn: string, payload: unknown) => Promise<unknown>,
  clock: Clock,
) {
  const envelope = ({ topicArn, token }: Subscription, type: string, { subject, message }: Notification) => ({
    ...{ Type: type, MessageId: randomUUID(), TopicArn: topicArn, Message: message },
    ...(subject !== undefined && { Subject: subject }),
    ...(type === 'SubscriptionConfirmation' && { Token: token }),
    Timestamp: new Date(clock.now()).toISOString(),
  })

  async function post(subscription: Subscription, type: string, notification: Notification): Promise<void> {
    const { endpoint, topicArn, arn } = subscription
    if (!isHere(endpoint)) return
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        ...{ 'x-amz-sns-message-type': type, 'x-amz-sns-topic-arn': topicArn, 'x-amz-sns-subscription-arn': arn },
      },
      body: JSON.stringify(envelope(subscription, type, notification)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
  }

  async function deliver(subscription: Subscription, notification: Notification): Promise<void> {
    const { protocol, endpoint, arn } = subscription
    if (subscription.state === 'pending') return
    const wrapped = envelope(subscription, 'Notification', notification)
    if (protocol === 'sqs') return sqs.sendTo(endpoint, { body: JSON.stringify(wrapped) })
    if (protocol === 'http' || protocol === 'https') return post(subscription, 'Notification', notification)
    if (protocol !== 'lambda') return
    const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: wrapped }
    await invoke(endpoint, { Records: [record] })
  }

  return {
    deliver,
    /** An endpoint is told the token that confirms it. */
    ask: (subscription: Subscription) =>
      subscription.protocol.startsWith('http')
        ? post(subscription, 'SubscriptionConfirmation', { subject: undefined, message: 'Confirm the subscription.' })
        : Promise.resolve(),
  }
}

const isHere = (endpoint: string) => URL.canParse(endpoint) && new URL(endpoint).hostname === '127.0.0.1'
