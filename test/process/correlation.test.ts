import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeliveryMessage, parseMessage, toSqsEntry } from '../../core/ingest/message.ts'
import type { DeferReason } from '../../core/process/work.ts'
import { toRequest } from '../../functions/verifier/request.ts'
import { bench, request } from '../ingest/bench.ts'
import { CONNECTION, consumer } from '../support/consumer.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

/** When the verifier of the bench is asked. */
const T = 1_760_000_000_000
const BODY = delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('h1', T)])
/** As API Gateway's ids look. */
const [FIRST, SECOND] = ['JKJaXmPLvHcESHA=', 'KL-_XmPLvHcEAb0=']

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A worker of a stage of its own; `blocked`: its budget is spent. */
async function worker({ blocked = false } = {}) {
  const gate = { ...openGate, enter: async () => SPENT, look: async () => SPENT, reserve: async () => SPENT }
  return consumer({
    ...{ dynamo: embedded.dynamo, tables: await embedded.tables(), now: T + 10_000, ...(blocked ? { gate } : {}) },
    connection: { ...CONNECTION, name: 'acme' },
    fetch: upstream(new Map([['/task/abc', taskAnswer('abc', { date_updated: String(T) })]])).fetch,
  })
}
const SPENT = { kind: 'blocked', why: 'spent', until: T + 60_000, since: T } as const

/** What the consumer gets of a request, by way of API Gateway's event and the attributes of a message. */
async function arrived(requestContext: unknown, body: unknown = BODY) {
  const verifier = bench()
  const { connection, slot, ...signed } = request(JSON.stringify(body))
  const event = { ...signed, isBase64Encoded: false, pathParameters: { connection, slot }, requestContext }
  await verifier.accept(toRequest(event))
  return { messages: verifier.queued, line: verifier.lines[0]?.fields }
}

function throughQueue(message: DeliveryMessage): DeliveryMessage {
  const { MessageBody, MessageAttributes } = toSqsEntry(message)
  const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])
  const parsed = parseMessage(MessageBody, Object.fromEntries(values))
  if (parsed.kind === 'malformed') throw new Error(parsed.reason)
  return parsed.message
}

const changeLines = ({ lines }: { lines: Record<string, unknown>[] }) =>
  lines.filter(({ message }) => message === 'change')

describe('the id of a request', () => {
  it('is in the verifier’s line, in the message, and in the line of each change that it told', async () => {
    const { messages, line } = await arrived({ requestId: FIRST })
    expect(line).toMatchObject({ decision: 'accepted', deliveryId: FIRST })
    const its = await worker()
    await its.process(messages)
    const [published] = its.published
    expect(changeLines(its)).toMatchObject([{ decision: 'published', deliveryIds: [FIRST] }])
    // The event on the bus has the change's id, and so has the line.
    expect(changeLines(its)).toMatchObject([{ changeId: published?.changeId }])
  })

  it('stands beside that of its twin, where both told of one change', async () => {
    const twin = { ...BODY, event: 'taskUpdated' }
    const both = await Promise.all([arrived({ requestId: FIRST }), arrived({ requestId: SECOND }, twin)])
    const its = await worker()
    await its.process(both.flatMap(({ messages }) => messages))
    expect(changeLines(its)).toMatchObject([{ deliveries: 2, deliveryIds: [FIRST, SECOND] }])
  })

  it('stays with what is put off, and is in the line that says so', async () => {
    const { messages } = await arrived({ requestId: FIRST })
    const its = await worker({ blocked: true })
    await its.process(messages)
    const reason: DeferReason = 'rateLimited'
    expect(its.sentAgain.map(({ message }) => throughQueue(message))).toMatchObject([
      { attempts: 1, deliveryId: FIRST },
    ])
    expect(changeLines(its)).toMatchObject([{ decision: 'deferred', reason, deliveryIds: [FIRST] }])
    const line = its.lines.find(({ message }) => message === 'A message was put off')
    expect(line).toMatchObject({ deliveryId: FIRST })
  })

  it('stays with what is set aside', async () => {
    const { messages } = await arrived({ requestId: FIRST }, 'no delivery')
    const its = await worker()
    await its.process(messages)
    expect(its.quarantined).toMatchObject([{ message: { deliveryId: FIRST } }])
    const line = its.lines.find(({ message }) => message === 'A message was quarantined')
    expect(line).toMatchObject({ deliveryId: FIRST })
  })
})

describe('a request without an id', () => {
  it.each([
    ['no context', undefined],
    ['none', {}],
    ['one that is no text', { requestId: 7 }],
    ['one that is no id', { requestId: 'two words' }],
    ['one without end', { requestId: 'x'.repeat(65) }],
  ])('(%s) is worked off as ever', async (_, context) => {
    const { messages, line } = await arrived(context)
    expect(line).not.toHaveProperty('deliveryId')
    expect(messages[0]).not.toHaveProperty('deliveryId')
    const its = await worker()
    await its.process(messages)
    expect(changeLines(its)).toMatchObject([{ decision: 'published', deliveries: 1 }])
    expect(changeLines(its)[0]).not.toHaveProperty('deliveryIds')
  })
})

it('an id that is none in a message costs nothing but itself', () => {
  const attributes = { connection: 'main', slot: 'a', receivedAt: '1', encoding: 'text', attempts: '0' }
  const parsed = parseMessage('{}', { ...attributes, deliveryId: 'two words' })
  expect(parsed).toMatchObject({ kind: 'message', message: { receivedAt: 1 } })
  expect(parsed).not.toHaveProperty('message.deliveryId')
})
