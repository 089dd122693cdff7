import { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ArchivedDelivery, deliveryIn } from '../../core/archive/record.ts'
import { archiveDeliveries } from '../../core/archive/store.ts'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import type { Pace } from '../../core/platform/pace.ts'
import { type RawReplayed, replayRaw } from '../../core/replay/raw.ts'
import { startAws } from '../support/aws.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const HOUR = 3_600_000
const T = Date.parse('2026-09-10T12:00:00Z')
const NOW = T + 20 * 24 * HOUR

let aws: Awaited<ReturnType<typeof startAws>>
let s3: S3Client
let gateway: typeof aws.gateway
let embedded: typeof aws.embedded
beforeAll(async () => {
  aws = await startAws()
  ;({ gateway, embedded } = aws)
  s3 = new S3Client(aws.settings)
})
afterAll(async () => {
  s3.destroy()
  await aws.close()
})

let bucket: string
let made = 0
beforeEach(async () => {
  made += 1
  bucket = `raw${made}`
  await gateway.s3.createBucket(bucket)
})

const fast: Pace = { most: 10, ready: async () => undefined, took: () => undefined }
let ids = 0
const keep = (deliveries: readonly ArchivedDelivery[]) =>
  archiveDeliveries({ s3, bucket }, deliveries, () => {
    ids += 1
    return `id-${ids}`
  })

async function run(send: (messages: readonly DeliveryMessage[]) => Promise<(string | null)[]>, since = T, until = NOW) {
  const told: RawReplayed[] = []
  const services = { archive: { s3, bucket }, send, pace: fast, clock: { now: () => NOW } }
  const refusal = await replayRaw({ connection: 'main', since, until }, services, (done) => told.push(done))
  return { refusal, done: told.at(-1) }
}

it('makes a change of what a parser had missed, once, and nothing of what is in the ledger', async () => {
  const answers = { '/task/abc': taskAnswer('abc', { date_updated: String(T) }) }
  const worker = await setUpConsumer({ embedded, now: T + 10_000, answers })
  const messages = [
    worker.message(delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]), T + 5_000),
    worker.message(delivery('taskPriorityUpdated', { task_id: 'abc' }, [taskItem.priority('2', T + 1)]), T + 6_000),
  ]
  await keep(messages.flatMap((message) => deliveryIn(message) ?? []))
  // The second was taken for nothing at the time.
  await worker.run(messages.slice(0, 1))
  const before = await embedded.all(worker.tables.ledger)
  worker.clock.time = NOW
  const send = async (again: readonly DeliveryMessage[]) => {
    await worker.run(again)
    return again.map(() => null)
  }
  expect(await run(send)).toEqual({ refusal: null, done: { sent: 2, unreadable: 0, next: NOW } })
  const after = await embedded.all(worker.tables.ledger)
  expect(after).toHaveLength(2)
  expect(after).toEqual(expect.arrayContaining(before))
  expect(worker.published.map(({ field, receivedAt }) => ({ field, receivedAt }))).toEqual([
    { field: 'status', receivedAt: T + 5_000 },
    { field: 'priority', receivedAt: T + 6_000 },
  ])
  await run(send)
  expect(await embedded.all(worker.tables.ledger)).toEqual(after)
  expect(worker.published).toHaveLength(2)
})

it('sends what came in in the period, as it came, and says that it is sent again', async () => {
  const bytes = Buffer.from([0xff, 0x00]).toString('base64')
  const common = { connection: 'main', slot: 'a', body: '{}' } as const
  const kept: ArchivedDelivery[] = [
    { ...common, receivedAt: T - 1, encoding: 'text' },
    { ...common, receivedAt: T, encoding: 'slim' },
    { ...common, receivedAt: T + HOUR, encoding: 'base64', body: bytes },
    { ...common, receivedAt: T + 2 * HOUR, encoding: 'text' },
  ]
  await keep(kept)
  const sent: DeliveryMessage[] = []
  await run(
    async (messages) => {
      sent.push(...messages)
      return messages.map(() => null)
    },
    T,
    T + 2 * HOUR,
  )
  const again = { ...{ connection: 'main', slot: 'a', attempts: 0, resentAt: NOW } }
  expect(sent).toEqual([
    { ...again, receivedAt: T, encoding: 'slim', slim: true, body: '{}', text: '{}' },
    { ...again, receivedAt: T + HOUR, encoding: 'base64', slim: false, body: bytes, text: '\uFFFD\u0000' },
  ])
  // What is sent again is not archived again, so that a replay of a replay stays as small as the first.
  expect(sent.every(({ resentAt }) => resentAt !== undefined)).toBe(true)
})

it('takes of an hour only what came in in the period, whose end is not in it', async () => {
  const common = { connection: 'main', slot: 'a', encoding: 'text', body: '{}' } as const
  await keep([5, 500, 999, 1_000].map((ms) => ({ ...common, receivedAt: T + ms })))
  const sent: number[] = []
  const send = async (messages: readonly DeliveryMessage[]) => {
    sent.push(...messages.map(({ receivedAt }) => receivedAt - T))
    return messages.map(() => null)
  }
  await run(send, T + 500, T + 1_000)
  expect(sent).toEqual([500, 999])
})

it('stops where the queue refuses, and says from which hour to go on', async () => {
  const common = { connection: 'main', slot: 'a', encoding: 'text', body: '{}' } as const
  await keep([0, 1, 2].map((hour) => ({ ...common, receivedAt: T + hour * HOUR + 5 })))
  const sent: number[] = []
  const refusing = async (messages: readonly DeliveryMessage[]) => {
    if (sent.length === 1) return messages.map(() => 'ServiceUnavailable')
    sent.push(...messages.map(({ receivedAt }) => receivedAt))
    return messages.map(() => null)
  }
  const { refusal, done } = await run(refusing)
  expect({ refusal, next: done?.next }).toEqual({ refusal: 'ServiceUnavailable', next: T })
  await run(async (messages) => {
    sent.push(...messages.map(({ receivedAt }) => receivedAt))
    return messages.map(() => null)
  }, done?.next)
  expect(new Set(sent)).toEqual(new Set([0, 1, 2].map((hour) => T + hour * HOUR + 5)))
})
