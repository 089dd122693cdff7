import * as z from 'zod'
import { type Log, redaction } from '../../../core/platform/log.ts'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { consume } from '../../../functions/consumer/consume.ts'
import { buildConsumer } from '../../../functions/consumer/services.ts'
import { createRandom } from '../../clickup/random.ts'
import { createVirtualAws } from '../../virtual/aws/aws.ts'
import type { BusEntry } from '../../virtual/aws/events.ts'
import type { Through } from '../../virtual/aws/in-process.ts'
import { TABLES } from '../../virtual/aws/tables.ts'
import { createContainers } from '../../virtual/containers.ts'
import { CONNECTION, environmentOf, QUEUES, SECRETS, TIMING } from '../../virtual/environment.ts'
import { startPoller } from '../../virtual/poller.ts'
import { createTelemetry } from '../../virtual/telemetry.ts'
import { createVirtualTime } from '../../virtual/time.ts'
import type { ConsumerBreak } from './breaks.ts'

type Attributes = Readonly<Record<string, { DataType: string; StringValue: string }>>
export type QueueMessage = { readonly body: string; readonly attributes: Attributes }

/** What became of some messages. */
export type Played = {
  readonly events: readonly BusEntry[]
  readonly quarantined: readonly QueueMessage[]
  /** What the queue still holds. */
  readonly left: number
  readonly counts: Readonly<Record<'received' | 'failed' | 'quarantined', number>>
  readonly invocations: { readonly begun: number; readonly failed: number; readonly timedOut: number }
  /** What it threw, as text. */
  readonly threw: readonly string[]
  readonly lines: readonly string[]
  readonly ledger: readonly Record<string, unknown>[]
  readonly tasks: readonly Record<string, unknown>[]
  /** How often ClickUp was asked. */
  readonly calls: number
}

export const BASE_URL = 'https://clickup.invalid/api'
/** Two seconds after the newest of the examples; each is worked off as if it came then. */
export const NOW = Date.UTC(2026, 8, 7, 9, 0, 2)
/** Nothing here has to wait so long: what is still there then goes round and round. */
const PLAYED_MS = 45 * 60_000

export type Playing = {
  messages: readonly QueueMessage[]
  fetch: Fetch
  broken?: ConsumerBreak | null
}

/** The consumer's own code between queues, tables and a bus in virtual time, until the messages are done with. */
export async function play({ messages, fetch, broken = null }: Playing): Promise<Played> {
  const time = createVirtualTime(NOW)
  const random = createRandom(1)
  const lines: string[] = []
  const { value } = redaction()
  const telemetry = createTelemetry(({ level, message, fields: given }) => {
    lines.push(JSON.stringify({ level, message, fields: value(given) }))
  })
  const events: BusEntry[] = []
  const aws = createVirtualAws({ time, random, onEntry: (entry) => events.push(entry), onRotation: noRotation })
  aws.secrets.create(SECRETS.token, 'arn:aws:lambda:none', { v: 1, token: 'a-token' })
  aws.dynamo.seed(TABLES.state, {
    [PK]: stateKey(CONNECTION, 'connection'),
    ...{
      workspaceId: '90150000001',
      userId: '40299',
      connectedAt: NOW - 86_400_000,
      callsPerMinute: 100,
      schemaVersion: 1,
    },
  })
  let calls = 0
  const consumer = buildConsumer(environmentOf(BASE_URL), {
    ...{ clock: time, random: random.next, sleep: time.sleep, timeout: time.timeout },
    fetch: async (url, init) => {
      calls += 1
      await time.sleep(50)
      return fetch(url, init)
    },
    ...aws.clients({ time, random: random.fork('latency'), ...(broken === 'lose' ? { through: losing } : {}) }),
    ...telemetry,
    ...(broken === 'count'
      ? { metrics: { ...telemetry.metrics, count: withoutQuarantine(telemetry.metrics.count) } }
      : {}),
  })
  const threw: string[] = []
  const invokeIt = async (event: unknown, remainingMs: number) => {
    if (broken === 'batch') failOnAnyBadBody(event)
    if (broken === 'log') logBodies(event, telemetry.log)
    return consume(event, consumer, remainingMs)
  }
  const { invoke } = createContainers(() => ({ invoke: invokeIt, kill: () => undefined }), {
    ...{ time, random: random.fork('containers'), timeoutMs: TIMING.timeoutSeconds * 1_000 },
  })
  const queue = aws.sqs.queue(QUEUES.deliveries)
  const poller = startPoller({
    ...{ time, random: random.fork('poller'), sqs: aws.sqs, queueUrl: QUEUES.deliveries, invoke, maxConcurrency: 2 },
    onError: (error) => threw.push(String(error).slice(0, 300)),
  })
  for (const { body, attributes } of messages) queue.send(body, attributes, 0)
  const isOver = () => queue.size() === 0 && poller.figures.running === 0
  await time.run({ until: NOW + PLAYED_MS, done: isOver })
  return {
    ...{ events, lines, threw, calls },
    quarantined: aws.sqs.queue(QUEUES.quarantine).receive(1_000),
    left: queue.size(),
    counts: {
      received: telemetry.count('MessagesReceived'),
      failed: telemetry.count('MessagesFailed'),
      quarantined: telemetry.count('MessagesQuarantined'),
    },
    invocations: { ...poller.figures },
    ledger: aws.dynamo.items(TABLES.ledger),
    tasks: aws.dynamo.items(TABLES.tasks),
  }
}

const noRotation = async () => {
  throw new Error('Nothing is rotated here')
}

type Count = (name: Parameters<ReturnType<typeof createTelemetry>['metrics']['count']>[0], value?: number) => void
const withoutQuarantine =
  (count: Count): Count =>
  (name, value) => {
    if (name !== 'MessagesQuarantined') count(name, value)
  }

const sentSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) })

/** Says that everything is on its queue again, and has thrown it away. */
const losing: Through = (call, next) => {
  const sent = sentSchema.safeParse(call.input)
  return call.name === 'SendMessageBatch' && sent.success
    ? Promise.resolve({ Successful: sent.data.Entries.map(({ Id }) => ({ Id })), Failed: [] })
    : next(call)
}

const recordsOf = (event: unknown): { body: string }[] => {
  const records: unknown = Object(event).Records
  return Array.isArray(records) ? records : []
}

/** As a consumer does that reads the whole batch before it works on any of it. */
function failOnAnyBadBody(event: unknown): void {
  for (const { body } of recordsOf(event)) JSON.parse(body)
}

function logBodies(event: unknown, log: Log): void {
  for (const { body } of recordsOf(event)) log.info('A message came', { body })
}
