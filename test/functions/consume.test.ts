import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DeliveryMessage, packBytes, packCanary, packErrand, toSqsEntry } from '../../core/ingest/message.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { canaryKey } from '../../core/process/canary.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { consume } from '../../functions/consumer/consume.ts'
import type { Consumer } from '../../functions/consumer/services.ts'
import { startAws } from '../support/aws.ts'
import { CONNECTION, consumer } from '../support/consumer.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { neverPaused } from '../support/never-paused.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

const T = 1_789_000_000_000

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

let urls: { deliveries: string; quarantine: string }
let count = 0
beforeEach(async () => {
  count += 1
  const [deliveries, quarantine] = await Promise.all(
    ['deliveries', 'quarantine'].map((name) => gateway.createQueue({ name: `${name}${count}`, attributes: {} })),
  )
  urls = { deliveries: deliveries?.url ?? '', quarantine: quarantine?.url ?? '' }
})

/** The function's own parts around a real consumer, with a real queue and quarantine. */
async function setUp(over: Partial<Consumer> = {}) {
  const tables = await embedded.tables()
  const answers = new Map([['/task/abc', taskAnswer('abc', { date_updated: String(T) })]])
  const inner = consumer({ dynamo: embedded.dynamo, tables, fetch: upstream(answers).fetch, now: T + 10_000 })
  const { clock, log, metrics, random, ...services } = inner.services()
  const mailbox = createMailbox(sqs, urls)
  const built: Consumer = {
    clock,
    log,
    metrics,
    random,
    mailbox,
    pause: neverPaused,
    pendingOf: () => undefined,
    knows: (connection) => connection === CONNECTION.name,
    canaryLedger: () =>
      createLedger({
        ...{ dynamo: embedded.dynamo, table: tables.ledger, clock, owner: 'canary', leaseMs: 60_000, keepDays: 1 },
      }),
    servicesOf: () => ({ clock, log, metrics, random, ...services, quarantine: mailbox.quarantine }),
    ...over,
  }
  return { ...inner, built, tables }
}

let ids = 0
/** A record as Lambda hands it over. */
function record(body: string, attributes: Record<string, string>) {
  ids += 1
  return {
    messageId: `m${ids}`,
    receiptHandle: `r${ids}`,
    body,
    attributes: { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(T) },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
  }
}

function ours(body: string, connection = CONNECTION.name) {
  const message = packBytes({ connection, slot: 'a', receivedAt: T }, Buffer.from(body))
  if (message === null) throw new Error('too large')
  const { MessageBody, MessageAttributes } = toSqsEntry(message)
  const texts = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])
  return record(MessageBody, Object.fromEntries(texts))
}

const change = JSON.stringify(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]))

async function setAside() {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: urls.quarantine, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  )
  return Messages.map(({ Body, MessageAttributes }) => ({
    body: Body,
    ...Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  }))
}

describe('a message of our own', () => {
  const arrival = { connection: 'main', slot: 'a', receivedAt: T } as const
  const errand = () => sent(packErrand(arrival))
  const sent = (message: DeliveryMessage) => {
    const { MessageBody, MessageAttributes } = toSqsEntry(message)
    const texts = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])
    return record(MessageBody, Object.fromEntries(texts))
  }

  it('is run as what it is, in the lane of the sweep, beside the deliveries of its batch', async () => {
    const { built, published } = await setUp()
    const lanes: string[] = []
    const servicesOf: Consumer['servicesOf'] = (name, invocation) => {
      lanes.push(invocation.lane)
      return built.servicesOf(name, invocation)
    }
    const answer = await consume({ Records: [errand(), ours(change)] }, { ...built, servicesOf })
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(lanes.toSorted()).toEqual(['live', 'sweep'])
    expect(published).toHaveLength(1)
    expect(await setAside()).toEqual([])
  })

  it('that came to try the way leaves one mark in the ledger and nothing else, however often it comes', async () => {
    const { built, tables, published } = await setUp()
    const nonce = '00000000-0000-4000-8000-000000000001'
    for (const Records of [[sent(packCanary(arrival, nonce)), ours(change)], [sent(packCanary(arrival, nonce))]])
      expect(await consume({ Records }, built)).toEqual({ batchItemFailures: [] })
    const marks = (await embedded.all(tables.ledger)).filter(({ pk }) => String(pk).includes('#canary#'))
    expect(marks).toMatchObject([{ ...canaryKey('main', nonce), status: 'claimed' }])
    // No index knows of it, and in a day it is forgotten.
    expect(Object.keys(marks[0] ?? {})).not.toContain('day')
    expect(marks[0]?.['expiresAt']).toBe(Math.floor((T + 10_000) / 1000) + 86_400)
    expect(published).toHaveLength(1)
  })
})

describe('a batch of the queue', () => {
  it('leaves time for reading, however short the time-out is that may be configured', async () => {
    const { built, clock } = await setUp()
    const deadlines: number[] = []
    const servicesOf: Consumer['servicesOf'] = (name, invocation) => {
      deadlines.push(invocation.deadline - clock.time)
      return built.servicesOf(name, invocation)
    }
    for (const timeoutMs of [10_000, 60_000])
      await consume({ Records: [ours(change)] }, { ...built, servicesOf }, timeoutMs)
    expect(deadlines[0]).toBeGreaterThan(5_000)
    expect(deadlines[1]).toBe(50_000)
  })

  it('is done with message by message: what is valid does not suffer from what is not', async () => {
    const { built, published, lines, counts } = await setUp()
    const Records = [ours(change), record('hello', {}), ours(change, 'nobody'), ours('{'), ours(change)]
    expect(await consume({ Records }, built)).toEqual({ batchItemFailures: [] })
    expect(published).toHaveLength(1)
    expect(counts).toMatchObject({ MessagesReceived: 5, MessagesQuarantined: 3 })
    expect(counts).not.toHaveProperty('MessagesFailed')
    const classes = lines.filter(({ message }) => message === 'A message was quarantined').map((line) => line['class'])
    expect(classes.sort()).toEqual(['malformed', 'malformed', 'unknownConnection'])
    const aside = await setAside()
    expect(aside.map((each) => Reflect.get(each, 'class')).sort()).toEqual([
      'malformed',
      'malformed',
      'unknownConnection',
    ])
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'A message was quarantined', class: 'unknownConnection' }),
    )
    expect(aside).toContainEqual({
      body: '{',
      connection: 'main',
      slot: 'a',
      receivedAt: String(T),
      encoding: 'text',
      attempts: '0',
      class: 'malformed',
      reason: 'the body is not JSON',
      firstSeen: new Date(T).toISOString(),
    })
    expect(aside).toContainEqual(
      expect.objectContaining({ body: 'hello', attempts: '1', firstSeen: new Date(T).toISOString() }),
    )
  })

  it('keeps on the queue what could not be set aside', async () => {
    const { built, counts } = await setUp()
    const mailbox = createMailbox(sqs, { ...urls, quarantine: `${urls.quarantine}-gone` })
    const bad = record('hello', {})
    const answer = await consume({ Records: [bad, ours(change)] }, { ...built, mailbox })
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: bad.messageId }] })
    expect(counts).toMatchObject({ MessagesReceived: 2, MessagesFailed: 1 })
  })

  it('counts a message that comes again because its change could not be published', async () => {
    const { built, counts } = await setUp()
    const servicesOf: Consumer['servicesOf'] = (name, invocation) => ({
      ...built.servicesOf(name, invocation),
      publish: async (events) => events.map(() => 'ThrottlingException'),
    })
    const mine = ours(change)
    const answer = await consume({ Records: [mine] }, { ...built, servicesOf })
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: mine.messageId }] })
    expect(counts).toMatchObject({ MessagesReceived: 1, MessagesFailed: 1 })
  })

  it('fails whole when its connection cannot be served, and no other does', async () => {
    const { built, counts } = await setUp()
    const servicesOf: Consumer['servicesOf'] = (name, invocation) => {
      if (name === 'other') throw new Error('no token')
      return built.servicesOf(name, invocation)
    }
    const [mine, theirs] = [ours(change), ours(change, 'other')]
    const answer = await consume({ Records: [mine, theirs] }, { ...built, knows: () => true, servicesOf })
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: theirs.messageId }] })
    expect(counts).toMatchObject({ MessagesReceived: 2, MessagesFailed: 1 })
  })

  it('has a failed message come again in seconds, later each time', async () => {
    const waits: number[] = []
    const { built } = await setUp()
    const mailbox = { ...built.mailbox, retryIn: async (_: string, seconds: number) => void waits.push(seconds) }
    for (const receives of ['1', '2', '3', '9']) {
      const failing = ours(change, 'other')
      failing.attributes.ApproximateReceiveCount = receives
      const servicesOf = () => {
        throw new Error('down')
      }
      await consume({ Records: [failing] }, { ...built, mailbox, knows: () => true, servicesOf, random: () => 0 })
    }
    expect(waits).toEqual([5, 10, 20, 320])
  })

  it('that is none of SQS fails as a whole', async () => {
    const { built } = await setUp()
    await expect(consume({ Records: 'x' }, built)).rejects.toThrow()
  })
})

it('what the queue does not take anew in a pause is not driven into the quarantine by asking for it again and again', async () => {
  const asked: number[] = []
  const mailbox = {
    ...createMailbox(sqs, urls),
    sendBack: async () => ['InternalError'],
    retryIn: async (_receipt: string, seconds: number) => void asked.push(seconds),
  }
  const paused = { ...neverPaused, look: async () => ({ ...(await neverPaused.look()), since: T }) }
  const { built } = await setUp({ mailbox, pause: paused })
  const message = ours(change)
  expect(await consume({ Records: [message] }, built, 60_000)).toEqual({
    batchItemFailures: [{ itemIdentifier: message.messageId }],
  })
  expect(asked).toEqual([900])
})
