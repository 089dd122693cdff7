import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { parseJson } from '../../core/platform/json.ts'
import { EVENT_SOURCE } from '../../core/platform/names.ts'
import { type ChangeEvent, changeEventSchema } from '../../core/publish/event.ts'
import { backfilledSchema, type Notice, summaryCreatedSchema, syncedSchema } from '../../core/publish/notice.ts'
import type { AwsClients } from './clients.ts'

/** An event as it came to the subscriber. */
export type Arrival = {
  /** The bus's own id: one for each time that something was published. */
  eventId: string
  detailType: string
  event: ChangeEvent
  /** Milliseconds since 1970. */
  at: number
}

export type Subscriber = {
  /** Each once, in the order of arrival. */
  arrivals(): readonly Arrival[]
  /** Events that were none of the contract, with what is wrong with them. */
  unreadable(): readonly string[]
  /** Messages that wait for it or are being read. */
  backlog(): Promise<number>
  close(): Promise<void>
}

const envelopeSchema = z.looseObject({ id: z.string(), 'detail-type': z.string(), detail: changeEventSchema })

const noticeSchema = z.union([
  z.looseObject({ 'detail-type': z.literal('Hookline Synced'), detail: syncedSchema }),
  z.looseObject({ 'detail-type': z.literal('Backfill Completed'), detail: backfilledSchema }),
  z.looseObject({ 'detail-type': z.literal('Summary Created'), detail: summaryCreatedSchema }),
])

function noticeOf(body: string): Notice | null {
  const { data } = noticeSchema.safeParse(parseJson(body))
  if (data === undefined) return null
  switch (data['detail-type']) {
    case 'Hookline Synced':
      return { detailType: 'Hookline Synced', detail: data.detail }
    case 'Backfill Completed':
      return { detailType: 'Backfill Completed', detail: data.detail }
    case 'Summary Created':
      return { detailType: 'Summary Created', detail: data.detail }
  }
}

const parse = (body: string) => {
  try {
    return envelopeSchema.safeParse(JSON.parse(body))
  } catch {
    return envelopeSchema.safeParse(null)
  }
}

/**
 * Hears what is published as anybody would who has the bus's name and nothing else: with a queue and a rule of its own,
 * made through the AWS SDK.
 */
export async function subscribe(
  { sqs, events }: Pick<AwsClients, 'sqs' | 'events'>,
  options: {
    name: string
    busName: string
    /** Detail types that are not to be heard: notices, which are no changes. */
    except?: readonly string[]
    onArrival?: (arrival: Arrival) => void
    /** Told of what Hookline says of itself; without it that is none of the contract here. */
    onNotice?: (notice: Notice) => void
  },
): Promise<Subscriber> {
  const queueUrl = await createQueue()
  const arrivals: Arrival[] = []
  const unreadable: string[] = []
  const seen = new Set<string>()
  const ending = new AbortController()

  async function createQueue(): Promise<string> {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: options.name }))
    if (QueueUrl === undefined) throw new Error(`The queue ${options.name} has no URL`)
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
    const rule = { Name: options.name, EventBusName: options.busName }
    const { except } = options
    const pattern = { source: [EVENT_SOURCE], ...(except && { 'detail-type': [{ 'anything-but': except }] }) }
    await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }))
    const target = { Id: 'queue', Arn: Attributes?.QueueArn }
    await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets: [target] }))
    return QueueUrl
  }

  function take({ Body = '' }: Message, at: number): void {
    const notice = options.onNotice === undefined ? null : noticeOf(Body)
    if (notice !== null) {
      options.onNotice?.(notice)
      return
    }
    const envelope = parse(Body)
    if (!envelope.success) {
      unreadable.push(z.prettifyError(envelope.error))
      return
    }
    const { id: eventId, 'detail-type': detailType, detail: event } = envelope.data
    // The queue may hand out a message twice: that is not published twice.
    if (seen.has(eventId)) return
    seen.add(eventId)
    const arrival = { eventId, detailType, event, at }
    arrivals.push(arrival)
    options.onArrival?.(arrival)
  }

  async function listen(): Promise<void> {
    while (!ending.signal.aborted) {
      const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 })
      const { Messages = [] } = await sqs.send(receive, { abortSignal: ending.signal })
      const at = Date.now()
      for (const message of Messages) take(message, at)
      if (Messages.length === 0) continue
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }), { abortSignal: ending.signal })
    }
  }

  const listening = listen().catch((error: unknown) => {
    if (!ending.signal.aborted) unreadable.push(`The subscriber fell silent: ${String(error)}`)
  })

  return {
    arrivals: () => arrivals,
    unreadable: () => unreadable,
    backlog: () => depthOf(sqs, queueUrl),
    async close() {
      ending.abort()
      await listening
    },
  }
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

/** Everything in a queue: what waits, what somebody works on, and what was put off. */
export async function depthOf(sqs: AwsClients['sqs'], queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  )
  return COUNTS.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0)
}
