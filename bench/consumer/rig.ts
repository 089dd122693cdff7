import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { consume } from '../../functions/consumer/consume.ts'
import type { Platform } from '../../functions/consumer/platform.ts'
import { buildConsumer } from '../../functions/consumer/services.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { createMemoryDynamo, type MemoryDynamo } from '../../local/virtual/aws/dynamo/dynamo.ts'
import { createMemoryBus } from '../../local/virtual/aws/events.ts'
import { inProcess, REGION, type Through } from '../../local/virtual/aws/in-process.ts'
import { TABLE_SCHEMAS, TABLES } from '../../local/virtual/aws/tables.ts'
import { CONNECTION, environmentOf } from '../../local/virtual/environment.ts'
import { taskItem, twins } from '../../test/support/deliveries.ts'
import { taskAnswer } from '../../test/support/upstream.ts'

const START = Date.UTC(2026, 2, 2, 9)
const BATCH = 10
/** Batches come so often: a task that was read a moment ago is not read again yet, and here nothing is to wait. */
const EVERY_MS = 10_000
const CLICKUP = 'http://clickup.invalid/api'
/** A plan that bears a read for every task, so that what is measured is the way of a change and no waiting. */
const LIMIT = 10_000
const INVOCATION_MS = 60_000
const AT_ONCE = [0, 0] as const

export type Rig = {
  /** Works off so many messages in batches of ten, twins side by side: half as many changes, each of the next task in turn. */
  work(messages: number): Promise<void>
  /** Changes that the bus has. */
  published(): number
  /** Calls to ClickUp. */
  readonly reads: number
  readonly dynamo: MemoryDynamo
  /** As if the ledger's time had passed: what is left in the tables does not grow with what was done. */
  expire(): Promise<void>
}

/**
 * The consumer's own code, from the event that Lambda hands it to what it answers, with tables, queue and bus in this process that
 * take no time: what is measured is what the consumer does.
 * @param tasks how many tasks change in turn
 */
export function createRig({ tasks, through }: { tasks: number; through?: Through }): Rig {
  const clock = { time: START, now: () => clock.time }
  const random = createRandom(1)
  const caller = { time: { sleep: async () => undefined }, random, through }
  const dynamo = createMemoryDynamo(TABLE_SCHEMAS)
  const secrets = inProcess(
    new SecretsManagerClient({ region: REGION }),
    caller,
    AT_ONCE,
    new Map([['GetSecretValue', () => ({ SecretString: JSON.stringify({ v: 1, token: 'a-token' }), VersionId: '1' })]]),
  )
  dynamo.seed(TABLES.state, {
    ...{ pk: `${CONNECTION}#connection`, workspaceId: '9001', userId: '7', connectedAt: START },
    ...{ callsPerMinute: LIMIT, schemaVersion: 1 },
  })
  let published = 0
  let reads = 0
  const bus = createMemoryBus(() => {
    published += 1
  })
  const refused = () => {
    throw new Error('Nothing is to be put off here')
  }
  const sqs = inProcess(
    new SQSClient({ region: REGION }),
    caller,
    AT_ONCE,
    new Map([
      ['SendMessageBatch', refused],
      ['ChangeMessageVisibility', refused],
    ]),
  )
  const platform: Platform = {
    clock,
    random: random.next,
    sleep: async () => undefined,
    timeout: () => new AbortController().signal,
    async fetch(url) {
      reads += 1
      const [id = ''] = new URL(url).pathname.split('/').reverse()
      const answer = taskAnswer(id, { date_updated: String(clock.time - 1_000), status: statusOf(id) })
      const ends = String(Math.ceil((clock.time + 1) / 60_000) * 60)
      return Response.json(answer, {
        headers: {
          date: new Date(clock.time).toUTCString(),
          'x-ratelimit-limit': String(LIMIT),
          'x-ratelimit-remaining': String(LIMIT - 100),
          'x-ratelimit-reset': ends,
        },
      })
    },
    dynamo: dynamo.client(caller),
    sqs,
    secrets,
    events: bus.client(caller),
    // What it writes is measured elsewhere, in bytes.
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: {
      count: () => undefined,
      milliseconds: () => undefined,
      percent: () => undefined,
      flush: () => undefined,
    },
  }
  const consumer = buildConsumer(environmentOf(CLICKUP), platform)
  let changes = 0
  /** How often each task has changed. */
  const steps = new Map<string, number>()
  const statusOf = (task: string) => ({ status: `step ${(steps.get(task) ?? 0) % 7}`, type: 'custom' })

  function batch(messages: number) {
    const bodies = Array.from({ length: Math.ceil(messages / 2) }, () => {
      const task = `task${changes % tasks}`
      const before = statusOf(task)
      steps.set(task, (steps.get(task) ?? 0) + 1)
      const one = taskItem.status(String(changes++), clock.time - 1_000)
      return twins('taskStatusUpdated', task, { ...one, before, after: statusOf(task) })
    }).flat()
    return bodies.map((body, i) => ({
      ...{ messageId: `m${i}`, receiptHandle: `r${i}`, body: JSON.stringify(body) },
      attributes: { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(clock.time) },
      messageAttributes: attributesOf({
        connection: CONNECTION,
        slot: 'a',
        receivedAt: clock.time,
        encoding: 'text',
        attempts: 0,
      }),
    }))
  }

  return {
    async work(messages) {
      for (let left = messages; left > 0; left -= BATCH) {
        clock.time += EVERY_MS
        const { batchItemFailures } = await consume({ Records: batch(Math.min(BATCH, left)) }, consumer, INVOCATION_MS)
        if (batchItemFailures.length > 0) throw new Error('A message failed: nothing was measured')
      }
    },
    published: () => published,
    get reads() {
      return reads
    },
    dynamo,
    async expire() {
      const client = dynamo.client({ time: caller.time, random })
      for (const { pk, sk } of dynamo.items(TABLES.ledger))
        await client.send(new DeleteCommand({ TableName: TABLES.ledger, Key: { pk, sk } }))
    },
  }
}

const attributesOf = (values: Record<string, string | number>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { dataType: 'String', stringValue: String(value) }]),
  )
