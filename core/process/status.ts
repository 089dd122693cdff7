import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { type ConnectionRecord, loadConnection } from '../clickup/connection-record.ts'
import type { Resource } from '../ledger/change.ts'
import { recentChanges } from '../ledger/day.ts'
import type { Clock } from '../platform/clock.ts'
import { loadUpstream, type UpstreamStatus } from '../upstream/status.ts'

/** How far back the last delivery is looked for, in days. */
export const STATUS_DAYS = 14
const DAY_MS = 86_400_000
/** The clocks of the functions may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000
/** Deliveries come out of order: the newest of so many changes is the last one for all that an operator can tell. */
const CANDIDATES = 50

export type QueueDepth = {
  waiting: number
  /** Received, and neither done nor back yet. */
  inFlight: number
  /** Put off for later. */
  deferred: number
}

export type Status = {
  queues: { deliveries: QueueDepth; quarantine: QueueDepth }
  /** The newest delivery that made a change; one that only repeated a known change leaves no trace. */
  lastDelivery: { receivedAt: number; publishedAt: number; changeId: string; resource: Resource; field: string } | null
  /** What was learnt when each was made; `null` while it was not, or when the item is none of ours. */
  connections: {
    name: string
    record: ConnectionRecord | null
    /** Budget, breaker and token as the functions share them; `null` when the item is none of ours. */
    upstream: UpstreamStatus | null
  }[]
  /** Items in a form that is not ours. */
  unreadable: number
}

export type StatusServices = {
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  clock: Clock
  tables: { ledger: string; state: string }
  queues: { deliveries: string; quarantine: string }
  connections: readonly string[]
}

/** What is stored of how the pipeline does; SQS counts approximately. */
export async function readStatus(services: StatusServices): Promise<Status> {
  const { sqs, queues } = services
  const [deliveries, quarantine, last, found] = await Promise.all([
    depthOf(sqs, queues.deliveries),
    depthOf(sqs, queues.quarantine),
    findLastDelivery(services),
    Promise.all(services.connections.map((name) => findConnection(services, name))),
  ])
  return {
    queues: { deliveries, quarantine },
    lastDelivery: last.delivery,
    connections: found.map(({ name, record, upstream }) => ({ name, record: record.value, upstream: upstream.value })),
    unreadable:
      last.unreadable +
      found.flatMap(({ record, upstream }) => [record, upstream]).filter(({ readable }) => !readable).length,
  }
}

const count = z.coerce.number().int().nonnegative()
const depthSchema = z.looseObject({
  ApproximateNumberOfMessages: count,
  ApproximateNumberOfMessagesNotVisible: count,
  ApproximateNumberOfMessagesDelayed: count,
})

async function depthOf(sqs: SQSClient, url: string): Promise<QueueDepth> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  )
  const depth = depthSchema.parse(Attributes ?? {})
  return {
    waiting: depth.ApproximateNumberOfMessages,
    inFlight: depth.ApproximateNumberOfMessagesNotVisible,
    deferred: depth.ApproximateNumberOfMessagesDelayed,
  }
}

async function findConnection({ dynamo, tables, clock }: StatusServices, name: string) {
  const state = { dynamo, table: tables.state }
  const [record, upstream] = await Promise.all([
    unlessUnreadable(loadConnection(state, name)),
    unlessUnreadable(loadUpstream(state, name, clock.now())),
  ])
  return { name, record, upstream }
}

async function unlessUnreadable<Value>(loading: Promise<Value>) {
  try {
    return { value: await loading, readable: true }
  } catch (error) {
    if (error instanceof z.ZodError) return { value: null, readable: false }
    throw error
  }
}

async function findLastDelivery({ dynamo, tables, clock }: StatusServices) {
  const now = clock.now()
  const { changes, unreadable } = await recentChanges(
    { dynamo, table: tables.ledger },
    {
      since: now - STATUS_DAYS * DAY_MS,
      until: now + AHEAD_MS,
      limit: CANDIDATES,
      wanted: ({ origin }) => origin === 'webhook',
    },
  )
  const last = changes.reduce<(typeof changes)[number] | null>(
    (newest, change) => (newest === null || change.receivedAt > newest.receivedAt ? change : newest),
    null,
  )
  if (last === null) return { delivery: null, unreadable }
  const { receivedAt, publishedAt, id, resource, field } = last
  return { delivery: { receivedAt, publishedAt, changeId: id, resource, field }, unreadable }
}
