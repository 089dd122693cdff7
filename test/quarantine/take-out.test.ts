import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMessage } from '../../core/ingest/message.ts'
import { createPace } from '../../core/platform/pace.ts'
import type { Quarantined } from '../../core/quarantine/quarantined.ts'
import { type QuarantineQueues, viewQuarantine } from '../../core/quarantine/queue.ts'
import { sendBack } from '../../core/quarantine/send-back.ts'
import { surveyQuarantine } from '../../core/quarantine/survey.ts'
import { takeOut } from '../../core/quarantine/take-out.ts'
import { deliveryMessage, depthOf, drain, type QuarantineStack, startQuarantine, T, unpaced } from './support.ts'

const NOW = T + 20 * 86_400_000
const clock = { now: () => NOW }
const fault = { class: 'invalid', reason: 'none' }

let stack: QuarantineStack
beforeAll(async () => {
  stack = await startQuarantine()
})
afterAll(() => stack.close())

const idsIn = async (queues: QuarantineQueues) =>
  (await surveyQuarantine(queues, { most: 1000 })).messages.map(({ id }) => id)

describe('sending back', () => {
  it('gives the consumer the message as it was, with the time of its first arrival and no attempt', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('abc', { attempts: 30 }), fault)
    const result = await takeOut(queues, await idsIn(queues), { act: sendBack(queues, clock), pace: unpaced })
    expect(result).toEqual({ taken: 1, stayed: 0, refused: [], missed: 0 })
    const [back] = await drain(stack.sqs, queues.deliveries)
    expect(Object.keys(back?.attributes ?? {}).sort()).toEqual(
      ['attempts', 'connection', 'encoding', 'receivedAt', 'resentAt', 'slot'].sort(),
    )
    const parsed = parseMessage(back?.body ?? '', back?.attributes ?? {})
    expect(parsed).toEqual({ kind: 'message', message: deliveryMessage('abc', { attempts: 0, resentAt: NOW }) })
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 0, held: 0 })
  })

  it('gives back what is none of ours as it came', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantineRaw('not ours', { class: 'malformed', reason: 'none' }, { at: T, attempts: 1 })
    await takeOut(queues, await idsIn(queues), { act: sendBack(queues, clock), pace: unpaced })
    expect(await drain(stack.sqs, queues.deliveries)).toEqual([{ body: 'not ours', attributes: {} }])
  })

  it('sends large messages in requests that SQS takes', async () => {
    const { queues, mailbox } = await stack.queues()
    const body = 'x'.repeat(600_000)
    for (let i = 0; i < 3; i += 1) await mailbox.quarantine(deliveryMessage('', { body, text: body }), fault)
    const result = await takeOut(queues, await idsIn(queues), { act: sendBack(queues, clock), pace: unpaced })
    expect(result.taken).toBe(3)
    expect((await drain(stack.sqs, queues.deliveries)).map((each) => each.body.length)).toEqual([
      600_000, 600_000, 600_000,
    ])
  })

  it('takes only what was asked for, among many others', async () => {
    const { queues, mailbox } = await stack.queues()
    for (let i = 0; i < 30; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), fault)
    const { messages } = await surveyQuarantine(queues, { most: 1000 })
    const wanted = messages.filter(({ resource }) => ['t3', 't17', 't29'].includes(resource?.id ?? ''))
    const ids = wanted.map(({ id }) => id)
    const result = await takeOut(queues, ids, { act: sendBack(queues, clock), pace: unpaced })
    expect(result.taken).toBe(3)
    expect(await drain(stack.sqs, queues.deliveries)).toHaveLength(3)
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 27, held: 0 })
  })
})

it('what is not wanted and shows again and again keeps nobody from the rest', async () => {
  const { queues, mailbox } = await stack.queues()
  for (let i = 0; i < 25; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), fault)
  const { messages } = await surveyQuarantine(queues, { most: 1000 })
  const wanted = messages.filter(({ resource }) => resource?.id === 't24')
  // As after two minutes of a slow pace: all others are given out again before the one that is wanted.
  const view = await viewQuarantine(queues)
  const held = (await Promise.all([view.next(), view.next(), view.next()])).flat()
  const show = (its: typeof held) =>
    Promise.all(
      its.map(({ receipt: ReceiptHandle }) =>
        stack.sqs.send(
          new ChangeMessageVisibilityCommand({ QueueUrl: queues.quarantine, ReceiptHandle, VisibilityTimeout: 0 }),
        ),
      ),
    )
  const isWanted = ({ id }: Quarantined) => wanted.some((each) => each.id === id)
  await show(held.filter((each) => !isWanted(each)))
  const off = stack.gateway.intercept(({ body, action }) =>
    action === 'sqs:ReceiveMessage' && typeof body === 'object' ? { ...body, VisibilityTimeout: 0 } : undefined,
  )
  let answers = 0
  const ready = async () => {
    answers += 1
    if (answers === 9) await show(held.filter(isWanted))
  }
  try {
    const ids = wanted.map(({ id }) => id)
    const result = await takeOut(queues, ids, { act: sendBack(queues, clock), pace: { ...unpaced, ready } })
    expect(result).toMatchObject({ taken: 1, missed: 0 })
  } finally {
    off()
  }
})

describe('a message that', () => {
  it('the queue refuses stays in the quarantine, and the others go', async () => {
    const { queues, mailbox } = await stack.queues()
    for (const id of ['a', 'b']) await mailbox.quarantine(deliveryMessage(id), fault)
    const act: Parameters<typeof takeOut>[2]['act'] = async (messages) =>
      messages.map(({ resource }) => (resource?.id === 'a' ? 'ServiceUnavailable' : null))
    const result = await takeOut(queues, await idsIn(queues), { act, pace: unpaced })
    expect(result).toMatchObject({ taken: 1, refused: [{ reason: 'ServiceUnavailable' }], missed: 0 })
    const left = await surveyQuarantine(queues, { most: 10 })
    expect(left.messages.map(({ resource }) => resource?.id)).toEqual(['a'])
  })

  it('is gone meanwhile is missed, and does not keep the work from its end', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('a'), fault)
    const ids = ['0d000000-0000-4000-8000-000000000000', ...(await idsIn(queues))]
    const result = await takeOut(queues, ids, { act: sendBack(queues, clock), pace: unpaced })
    expect(result).toMatchObject({ taken: 1, missed: 1 })
  })

  it('fails again at once is not sent again in the same run', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('a'), fault)
    const send = sendBack(queues, clock)
    const act: typeof send = async (messages) => {
      for (const { message } of messages) if (message !== null) await mailbox.quarantine(message, fault)
      return send(messages)
    }
    const result = await takeOut(queues, await idsIn(queues), { act, pace: unpaced })
    expect(result.taken).toBe(1)
    expect(await drain(stack.sqs, queues.deliveries)).toHaveLength(1)
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 1, held: 0 })
  })
})

describe('a crash', () => {
  it('between sending and deleting leaves the message in both places, never in none', async () => {
    const { queues, mailbox } = await stack.queues()
    for (const id of ['a', 'b', 'c']) await mailbox.quarantine(deliveryMessage(id), fault)
    const send = sendBack(queues, clock)
    const act: typeof send = async (messages) => {
      await send(messages)
      throw new Error('died')
    }
    await expect(takeOut(queues, await idsIn(queues), { act, pace: unpaced })).rejects.toThrow('died')
    expect(await drain(stack.sqs, queues.deliveries)).toHaveLength(3)
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 3, held: 0 })
    // Done again, each is there twice; the ledger makes one of them.
    await takeOut(queues, await idsIn(queues), { act: send, pace: unpaced })
    expect(await drain(stack.sqs, queues.deliveries)).toHaveLength(3)
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 0, held: 0 })
  })

  it('when the deletion is refused says that the message is still there', async () => {
    const { queues, mailbox } = await stack.queues()
    await mailbox.quarantine(deliveryMessage('a'), fault)
    const ids = await idsIn(queues)
    const off = stack.gateway.intercept(({ body, action }) =>
      action === 'sqs:DeleteMessage' && typeof body === 'object'
        ? { ...body, Entries: [{ Id: '7', ReceiptHandle: 'none' }] }
        : undefined,
    )
    try {
      const result = await takeOut(queues, ids, { act: sendBack(queues, clock), pace: unpaced })
      expect(result).toMatchObject({ taken: 0, stayed: 1 })
    } finally {
      off()
    }
    expect(await depthOf(stack.sqs, queues.quarantine)).toEqual({ visible: 1, held: 0 })
  })
})

it('keeps to its rate', async () => {
  const { queues, mailbox } = await stack.queues()
  for (let i = 0; i < 25; i += 1) await mailbox.quarantine(deliveryMessage(`t${i}`), fault)
  let now = NOW
  const slept: number[] = []
  const pace = createPace({
    perMinute: 60,
    clock: { now: () => now },
    sleep: async (ms) => {
      slept.push(ms)
      now += ms
    },
  })
  await takeOut(queues, await idsIn(queues), { act: sendBack(queues, clock), pace })
  expect(slept).toEqual([10_000, 10_000])
})
