import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packBytes, toSqsEntry } from '../../core/ingest/message.ts'
import { beginPause, endPause } from '../../core/pause/change.ts'
import { pausable } from '../../core/pause/gate.ts'
import { createPauseWatch } from '../../core/pause/watch.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { createPending, oldestPending } from '../../core/process/pending.ts'
import { holdBack } from '../../functions/consumer/hold-back.ts'
import { recordsOf } from '../../functions/consumer/records.ts'
import { toRecord } from '../../local/stack/poller/record.ts'
import { startAws } from '../support/aws.ts'
import { CONNECTION, consumer } from '../support/consumer.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { openGate } from '../support/gate.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

const T = 1_789_000_000_000
const MINUTE = 60_000
const change = delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)])

let aws: Awaited<ReturnType<typeof startAws>>
let sqs: SQSClient
let gateway: typeof aws.gateway
let embedded: typeof aws.embedded
beforeAll(async () => {
  aws = await startAws()
  ;({ gateway, embedded } = aws)
  sqs = new SQSClient(aws.settings)
})
afterAll(async () => {
  sqs.destroy()
  await aws.close()
})

let tables: Awaited<ReturnType<typeof embedded.tables>>
let clock: { time: number; now(): number }
beforeEach(async () => {
  tables = await embedded.tables()
  clock = { time: T, now: () => clock.time }
})
const state = () => ({ dynamo: embedded.dynamo, table: tables.state })
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const watch = () => createPauseWatch({ ...state(), clock, log })

let queues = 0
/** A queue that sets aside what was received once without success, and what holding back needs of a consumer. */
async function setUp() {
  queues += 1
  const { url, arn } = await gateway.createQueue({ name: `held${queues}`, attributes: {} })
  const pending = createPending({ ...state(), connection: CONNECTION.name })
  const asked: number[] = []
  const mailbox = createMailbox(sqs, { deliveries: url, quarantine: '' })
  const held = {
    ...{ clock, log },
    pendingOf: () => pending,
    mailbox: {
      ...mailbox,
      // The delay is looked at, and not waited for.
      sendBack: (raws: Parameters<typeof mailbox.sendBack>[0], seconds: number) => {
        asked.push(seconds)
        return mailbox.sendBack(raws, 0)
      },
    },
  }
  const receive = async () => {
    const command = new ReceiveMessageCommand({
      ...{ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
      MessageSystemAttributeNames: ['All'],
    })
    const { Messages = [] } = await sqs.send(command)
    return recordsOf({ Records: Messages.map((message) => toRecord(message, arn, gateway.region)) })
  }
  return { url, pending, held, asked, receive }
}

function message(receivedAt: number) {
  const packed = packBytes({ connection: CONNECTION.name, slot: 'a', receivedAt }, Buffer.from(JSON.stringify(change)))
  if (packed === null) throw new Error('too large')
  return packed
}

describe('what arrives in a pause', () => {
  it('is sent anew as it came, with the longest delay, without an attempt, and also what nobody can read', async () => {
    const { url, held, asked, receive } = await setUp()
    await sqs.send(new SendMessageCommand({ QueueUrl: url, ...toSqsEntry(message(T)) }))
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'no message of ours' }))
    const before = await receive()
    const done = await holdBack(before, held)
    expect([...done].toSorted()).toEqual(before.map(({ envelope }) => envelope.messageId).toSorted())
    expect(asked).toEqual([900])
    const after = await receive()
    const told = (records: typeof before) =>
      records.map(({ kind, envelope: { body, attributes, receives } }) => ({ kind, body, attributes, receives }))
    expect(told(after).toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual(
      told(before).toSorted((a, b) => a.kind.localeCompare(b.kind)),
    )
    expect(after).toContainEqual(
      expect.objectContaining({ kind: 'message', message: expect.objectContaining({ attempts: 0, receivedAt: T }) }),
    )
  })

  it('is known to wait, so that no sweep takes it for lost', async () => {
    const { url, pending, held, receive } = await setUp()
    await sqs.send(new SendMessageCommand({ QueueUrl: url, ...toSqsEntry(message(T - 20 * MINUTE)) }))
    await holdBack(await receive(), held)
    const intake = await pending.load()
    const oldest = oldestPending(intake, T + 15 * MINUTE) ?? Number.NaN
    expect(oldest).toBeLessThanOrEqual(T - 20 * MINUTE)
    expect(oldestPending(intake, T + 20 * MINUTE)).toBeNull()
  })

  it('stays on the queue when that does not take it', async () => {
    const { held, url, receive } = await setUp()
    await sqs.send(new SendMessageCommand({ QueueUrl: url, ...toSqsEntry(message(T)) }))
    const records = await receive()
    const sendBack = async () => ['InternalError']
    expect(await holdBack(records, { ...held, mailbox: { ...held.mailbox, sendBack } })).toEqual(new Set())
    const refuses = async () => Promise.reject(new Error('away'))
    expect(await holdBack(records, { ...held, mailbox: { ...held.mailbox, sendBack: refuses } })).toEqual(new Set())
  })
})

describe('a change', () => {
  const answers = new Map([['/task/abc', taskAnswer('abc', { date_updated: String(T) })]])

  it('that meets the beginning of a pause waits, unclaimed, and that is no attempt', async () => {
    const pause = watch()
    await beginPause(state(), { by: 'ada', reason: null, now: T })
    const { fetch, calls } = upstream(answers)
    const gate = pausable(openGate, pause, clock)
    const its = consumer({ dynamo: embedded.dynamo, tables, fetch, now: T, gate })
    expect(await its.process([its.message(change)])).toEqual(['done'])
    expect(its.sentAgain).toMatchObject([{ delaySeconds: 900, message: { attempts: 0 } }])
    expect([calls, its.published, its.quarantined, await embedded.all(tables.ledger)]).toEqual([[], [], [], []])
  })

  it.each([
    ['in a pause is not published without its task for that', 60 * MINUTE, false],
    ['without one is published without its task', 0, true],
  ])('that waited for an hour %s', async (_how, pausedMs, degraded) => {
    await beginPause(state(), { by: 'ada', reason: null, now: T })
    await endPause(state(), T + pausedMs)
    clock.time = T + 60 * MINUTE
    const pause = watch()
    await pause.look()
    const until = clock.time + MINUTE
    const spent = async () => ({ kind: 'blocked', why: 'spent', until, since: clock.time }) as const
    const { fetch } = upstream(answers)
    const gate = { ...openGate, look: spent, reserve: spent, enter: spent }
    const its = consumer({ dynamo: embedded.dynamo, tables, fetch, now: clock.time, gate })
    await its.process([its.message(change, T)], { pausedSince: pause.pausedSince })
    expect(its.published.map((event) => event.degraded)).toEqual(degraded ? [true] : [])
    const again = its.sentAgain.filter(({ message: { encoding } }) => encoding !== 'errand')
    expect(again).toHaveLength(degraded ? 0 : 1)
  })

  it('that was put off for 14 days is given up, and not while a pause was the reason', async () => {
    const received = T - 15 * 24 * 60 * MINUTE
    const { fetch } = upstream(answers)
    const busy = async () => ({ kind: 'blocked', why: 'paused', until: T + MINUTE, since: T }) as const
    const its = consumer({
      dynamo: embedded.dynamo,
      tables,
      fetch,
      now: T,
      gate: { ...openGate, look: busy, reserve: busy },
    })
    await its.process([its.message(change, received)], { pausedSince: () => 10 * 24 * 60 * MINUTE })
    expect(its.quarantined).toEqual([])
    await its.process([its.message(change, received)])
    expect(its.quarantined).toMatchObject([{ fault: { class: 'expired' } }])
  })
})
