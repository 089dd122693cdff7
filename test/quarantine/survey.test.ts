import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packErrand, toSqsEntry } from '../../core/ingest/message.ts'
import { grouped } from '../../core/quarantine/groups.ts'
import { isSelected } from '../../core/quarantine/select.ts'
import { surveyQuarantine } from '../../core/quarantine/survey.ts'
import { deliveryMessage, depthOf, type QuarantineStack, startQuarantine, T } from './support.ts'

let stack: QuarantineStack
beforeAll(async () => {
  stack = await startQuarantine()
})
afterAll(() => stack.close())

const invalid = { class: 'invalid', reason: '400 SHARD_006 no such shard' }

describe('looking through the quarantine', () => {
  it('shows each message once, more than a page of them, and leaves all where they were', async () => {
    const { queues, mailbox } = await stack.queues()
    for (let i = 0; i < 25; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), invalid)
    const { messages, about, more } = await surveyQuarantine(queues, { most: 100 })
    expect(new Set(messages.map(({ resource }) => resource?.id)).size).toBe(25)
    expect({ count: messages.length, about, more }).toEqual({ count: 25, about: 25, more: false })
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 25, held: 0 })
  })

  it('looks at no more than it may, and says that there are more', async () => {
    const { queues, mailbox } = await stack.queues()
    for (let i = 0; i < 12; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), invalid)
    const { messages, about, more } = await surveyQuarantine(queues, { most: 4 })
    expect({ count: messages.length, about, more }).toEqual({ count: 4, about: 12, more: true })
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 12, held: 0 })
  })

  it('of an empty quarantine says that it is empty', async () => {
    const { queues } = await stack.queues()
    expect(await surveyQuarantine(queues, { most: 100 })).toEqual({ messages: [], about: 0, more: false })
  })
})

describe('a message of the quarantine', () => {
  it('tells why it is there, since when, and what it is about', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('abc', { attempts: 7 }), invalid)
    const [message] = (await surveyQuarantine(queues, { most: 10 })).messages
    expect(message).toMatchObject({ ...invalid, firstSeen: T, attempts: 7, connection: 'main', event: 'taskUpdated' })
    expect(message?.resource).toEqual({ kind: 'task', id: 'abc' })
  })

  it('that SQS itself moved there is of class unknown, after so many receives', async () => {
    const { queues } = await stack.queues()
    const { sqs } = stack
    await sqs.send(new SendMessageCommand({ QueueUrl: queues.deliveries, ...toSqsEntry(deliveryMessage('abc')) }))
    for (let receive = 0; receive < 6; receive += 1)
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.deliveries, VisibilityTimeout: 0 }))
    const [message] = (await surveyQuarantine(queues, { most: 10 })).messages
    expect(message).toMatchObject({ class: 'unknown', reason: expect.stringContaining('5 times'), firstSeen: T })
    expect(message?.resource).toEqual({ kind: 'task', id: 'abc' })
  })

  it('is shown as far as it can be read, whatever it is', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantineRaw('not ours', { class: 'malformed', reason: 'none' }, { at: T, attempts: 1 })
    await mailbox.quarantine(deliveryMessage('', { body: 'no JSON', text: 'no JSON' }), invalid)
    await mailbox.quarantine(packErrand({ connection: 'main', slot: 'a', receivedAt: T }), invalid)
    await stack.sqs.send(new SendMessageCommand({ QueueUrl: queues.quarantine, MessageBody: '{' }))
    const { messages } = await surveyQuarantine(queues, { most: 10 })
    const told = messages.map((message) => [message.class, message.connection, message.event])
    expect(told).toHaveLength(4)
    expect(told).toEqual(
      expect.arrayContaining([
        ['malformed', null, null],
        ['invalid', 'main', null],
        ['invalid', 'main', '(errand)'],
        ['unknown', null, null],
      ]),
    )
  })
})

describe('groups', () => {
  it('are by class and reason, the largest first, with what they are about', async () => {
    const { queues, mailbox } = await stack.queues()
    const other = { class: 'malformed', reason: 'the body is not JSON' }
    await mailbox.quarantine(deliveryMessage('a', { connection: 'sales', receivedAt: T + 5 }), other)
    for (const id of ['b', 'c']) await mailbox.quarantine(deliveryMessage(id), invalid)
    const groups = grouped((await surveyQuarantine(queues, { most: 10 })).messages)
    expect(groups.map(({ examples: _examples, ...group }) => group)).toEqual([
      {
        ...invalid,
        count: 2,
        oldest: T,
        newest: T,
        connections: ['main'],
        events: [{ event: 'taskUpdated', count: 2 }],
      },
      {
        ...{ ...other, count: 1, oldest: T + 5, newest: T + 5, connections: ['sales'] },
        events: [{ event: 'taskUpdated', count: 1 }],
      },
    ])
  })

  it('of a selection hold what fits all that is asked', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('a', { connection: 'sales' }), invalid)
    await mailbox.quarantine(deliveryMessage('b'), invalid)
    const { messages } = await surveyQuarantine(queues, { most: 10 })
    const ids = (selection: Parameters<typeof isSelected>[1]) =>
      messages.filter((each) => isSelected(each, selection)).map(({ resource }) => resource?.id)
    expect(ids({ class: 'invalid', connection: 'sales' })).toEqual(['a'])
    expect(ids({ class: 'expired' })).toEqual([])
    expect(ids({ ids: messages.filter(({ connection }) => connection === 'main').map(({ id }) => id) })).toEqual(['b'])
  })
})
