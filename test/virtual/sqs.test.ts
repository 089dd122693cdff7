import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createMemorySqs, type MemorySqs } from '../../local/virtual/aws/sqs/sqs.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'

const URL = 'https://sqs.invalid/work'
const DEAD = 'https://sqs.invalid/dead'
const START = 1_800_000_000_000

function setUp() {
  const time = createVirtualTime(START)
  const random = createRandom(1)
  const sqs: MemorySqs = createMemorySqs(
    {
      [URL]: {
        visibilitySeconds: 30,
        redrive: { maxReceives: 2, to: ({ body, attributes }) => void sqs.queue(DEAD).send(body, attributes, 0) },
      },
      [DEAD]: { visibilitySeconds: 30 },
    },
    { time, random },
  )
  const client = sqs.client({ time, random })
  return {
    time,
    sqs,
    client,
    after(seconds: number) {
      const until = time.now() + seconds * 1000
      time.schedule(until, () => undefined)
      return time.run({ until })
    },
    /** Lets time pass until the call has ended. */
    async ended<Answer>(call: Promise<Answer>): Promise<Answer> {
      let over = false
      const watched = call.finally(() => {
        over = true
      })
      await Promise.all([time.run({ done: () => over }), watched.catch(() => undefined)])
      return watched
    },
  }
}

test('a message is handed out once its delay is over, hidden while it is in flight, and gone when it is deleted', async () => {
  const { sqs, client, after, ended } = setUp()
  await ended(client.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: 'one', DelaySeconds: 5 })))
  await after(4)
  expect(sqs.receive(URL, 10)).toEqual([])
  await after(1)
  const [first] = sqs.receive(URL, 10)
  expect(first).toMatchObject({ body: 'one', receives: 1, firstReceivedAt: first?.firstReceivedAt })
  await after(29)
  expect(sqs.receive(URL, 10)).toEqual([])
  await after(1)
  const [second] = sqs.receive(URL, 10)
  expect(second).toMatchObject({ id: first?.id, receives: 2, firstReceivedAt: first?.firstReceivedAt })
  // The first receipt is not valid any more.
  sqs.delete(URL, [first?.receipt ?? ''])
  expect(sqs.queue(URL).size()).toBe(1)
  sqs.delete(URL, [second?.receipt ?? ''])
  expect(sqs.queue(URL).size()).toBe(0)
})

test('what was received too often is moved to where it is looked at', async () => {
  const { sqs, client, after, ended } = setUp()
  await ended(client.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: 'bad' })))
  for (let receive = 0; receive < 2; receive++) {
    expect(sqs.receive(URL, 10)).toHaveLength(1)
    await after(30)
  }
  expect(sqs.queue(DEAD).size()).toBe(0)
  expect(sqs.receive(URL, 10)).toEqual([])
  expect([sqs.queue(URL).size(), sqs.queue(DEAD).size()]).toEqual([0, 1])
  expect(sqs.receive(DEAD, 10)).toMatchObject([{ body: 'bad', receives: 1 }])
})

test('the visibility of what is in flight can be changed, of nothing else', async () => {
  const { sqs, client, after, ended } = setUp()
  await ended(client.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: 'one' })))
  const [message] = sqs.receive(URL, 1)
  const change = { QueueUrl: URL, ReceiptHandle: message?.receipt, VisibilityTimeout: 2 }
  await ended(client.send(new ChangeMessageVisibilityCommand(change)))
  await after(1)
  expect(sqs.queue(URL).visible()).toBe(0)
  await after(1)
  expect(sqs.queue(URL).visible()).toBe(1)
  await expect(ended(client.send(new ChangeMessageVisibilityCommand(change)))).rejects.toMatchObject({
    name: 'MessageNotInflight',
  })
  const [again] = sqs.receive(URL, 1)
  const answer = await ended(
    client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: URL,
        Entries: [
          { Id: 'a', ReceiptHandle: again?.receipt, VisibilityTimeout: 0 },
          { Id: 'b', ReceiptHandle: 'unknown', VisibilityTimeout: 0 },
        ],
      }),
    ),
  )
  expect(answer).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'MessageNotInflight' }] })
})

test('requests are counted as they are billed: one for a batch, one for each 64 KB', async () => {
  const { sqs, client, ended } = setUp()
  const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: 'x', DelaySeconds: 0 }))
  const { Successful } = await ended(client.send(new SendMessageBatchCommand({ QueueUrl: URL, Entries })))
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b', 'c'])
  await ended(client.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: 'x'.repeat(65_537) })))
  const received = sqs.receive(URL, 10)
  expect(received).toHaveLength(4)
  expect(sqs.receive(URL, 10)).toEqual([])
  sqs.delete(
    URL,
    received.map(({ receipt }) => receipt),
  )
  expect(sqs.bill()).toEqual({
    SendMessageBatch: 1,
    SendMessage: 2,
    ReceiveMessage: 2,
    DeleteMessageBatch: 1,
    total: 6,
  })
})

test.each([
  ['a delay above 15 minutes', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['half a second', { MessageBody: 'x', DelaySeconds: 0.5 }, 'InvalidParameterValue'],
  ['an empty body', { MessageBody: '' }, 'InvalidParameterValue'],
  ['a character that is not carried', { MessageBody: 'a\u0000b' }, 'InvalidParameterValue'],
  ['more than a message holds', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
  ['an unknown queue', { MessageBody: 'x', QueueUrl: 'https://sqs.invalid/other' }, 'QueueDoesNotExist'],
])('%s is refused', async (_what, over, name) => {
  const { client, sqs, ended } = setUp()
  const refused = ended(client.send(new SendMessageCommand({ QueueUrl: URL, ...over })))
  await expect(refused).rejects.toMatchObject({ name })
  expect(sqs.queue(URL).size()).toBe(0)
})

test('a batch of more than ten, or with an id twice, is refused as a whole', async () => {
  const { client, sqs, ended } = setUp()
  const send = (ids: string[]) =>
    ended(
      client.send(new SendMessageBatchCommand({ QueueUrl: URL, Entries: ids.map((Id) => ({ Id, MessageBody: 'x' })) })),
    )
  for (const ids of [Array.from({ length: 11 }, (_, i) => String(i)), ['a', 'a'], []]) {
    await expect(send(ids)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  }
  expect(sqs.queue(URL).size()).toBe(0)
})
