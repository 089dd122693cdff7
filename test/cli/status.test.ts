import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { saveRate } from '../../core/upstream/rate.ts'
import { aChange, complete, NOW, run, type Stack, startStack, TABLES } from './stack.ts'

let stack: Stack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const status = (...args: string[]) => run(stack.cwd, ['status', ...args], 100)
const send = (queue: 'deliveries' | 'quarantine', delay = 0) =>
  stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.queues[queue], MessageBody: 'x', DelaySeconds: delay }))

test('everything stored is in the JSON, and nothing that is not', async () => {
  await saveConnection({ dynamo: stack.dynamo, table: TABLES.state }, 'main', { workspaceId: '9', userId: '7' })
  const rate = { limit: 100, remaining: 40, resetAt: NOW + 30_000, toldAt: NOW - 2_000 }
  await saveRate({ dynamo: stack.dynamo, table: TABLES.state }, 'main', rate)
  await send('deliveries')
  await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.queues.deliveries, VisibilityTimeout: 60 }))
  await Promise.all([send('deliveries'), send('deliveries'), send('deliveries', 600), send('quarantine')])
  const late = aChange({ at: NOW - 50_000, receivedAt: NOW - 9_000 })
  await complete(stack, [
    aChange({ at: NOW - 10_000, receivedAt: NOW - 9_500 }),
    late,
    aChange({ at: NOW - 1_000, receivedAt: NOW - 900, origin: 'sweep' }),
  ])
  const { status: code, out, err } = await status('--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(JSON.parse(out)).toEqual({
    target: 'local stack',
    queues: {
      deliveries: { waiting: 2, inFlight: 1, deferred: 1 },
      quarantine: { waiting: 1, inFlight: 0, deferred: 0 },
    },
    lastDelivery: {
      receivedAt: late.receivedAt,
      publishedAt: late.receivedAt + 400,
      changeId: late.id,
      resource: late.resource,
      field: 'status',
    },
    connections: [{ name: 'main', record: { workspaceId: '9', userId: '7' }, budget: rate }],
  })
  expect((await status()).out.split('\n')).toEqual([
    'looking at       local stack',
    'connection main  workspace 9, as user 7',
    'deliveries       2 waiting, 1 being worked on, 1 put off',
    'quarantine       1 set aside',
    'last delivery    00:26:31 (9s ago): status of task 86c1, published after 400ms',
    'budget           40 of 100 calls left until 00:27:10, told 2s ago',
    '',
  ])
})

test('a stack that has just begun says so', async () => {
  expect((await status()).out.split('\n')).toEqual([
    'looking at       local stack',
    'connection main  not made yet',
    'deliveries       nothing waits',
    'quarantine       empty',
    'last delivery    none that made a change in the last 14 days',
    'budget           ClickUp was not asked yet',
    '',
  ])
})

test('a broken connection record is left out and said so', async () => {
  await stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { pk: 'main#connection', workspaceId: 9 } }))
  const { status: code, err } = await status('--json')
  expect({ code, err }).toEqual({ code: 0, err: '1 stored item could not be read and was left out.\n' })
})
