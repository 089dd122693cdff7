import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { upstreamKey } from '../../core/upstream/store.ts'
import type { Window } from '../../core/upstream/window.ts'
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

const window: Window = {
  ...{ begun: NOW - 30_000, earliest: NOW + 28_000, latest: NOW + 30_000, state: 'told' },
  ...{ leased: 50, late: 0, lateUntil: 0, carried: 10, carriedUntil: NOW + 29_000 },
  ...{ limit: 100, told: 100, learned: null, refusedUntil: 0, crowded: false },
}
const putUpstream = (item: Record<string, unknown>) =>
  stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { ...upstreamKey('main'), ...item } }))

/** What is said of a line of the plain output. */
async function line(label: string): Promise<string | undefined> {
  const lines = (await run(stack.cwd, ['status'], 300)).out.split('\n')
  return lines
    .find((each) => each.startsWith(label))
    ?.slice(label.length)
    .trim()
}

test('everything stored is in the JSON, and nothing that is not', async () => {
  await saveConnection({ dynamo: stack.dynamo, table: TABLES.state }, 'main', { workspaceId: '9', userId: '7' })
  await putUpstream({ 'window:minute': window })
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
    connections: [
      {
        name: 'main',
        record: { workspaceId: '9', userId: '7' },
        upstream: {
          budget: [
            {
              ...{ window: 'minute', limit: 100, told: 100, learned: null, leased: 60, left: 40 },
              ...{ begunAt: NOW - 30_000, endsAt: NOW + 30_000, refusedUntil: null },
            },
          ],
          breaker: { state: 'closed' },
          token: { state: 'accepted' },
        },
      },
    ],
  })
  expect((await status()).out.split('\n')).toEqual([
    'looking at       local stack',
    'connection main  workspace 9, as user 7',
    'deliveries       2 waiting, 1 being worked on, 1 put off',
    'quarantine       1 set aside',
    'last delivery    00:26:31 (9s ago): status of task 86c1, published after 400ms',
    'budget           40 of 100 calls left until 00:27:10',
    'ClickUp          up',
    'token            accepted',
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
    'ClickUp          up',
    'token            accepted',
    '',
  ])
})

test('a broken connection record is left out and said so', async () => {
  await stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { pk: 'main#connection', workspaceId: 9 } }))
  const { status: code, err } = await status('--json')
  expect({ code, err }).toEqual({ code: 0, err: '1 stored item could not be read and was left out.\n' })
})

test('a limit that ClickUp has shown by refusing a call is told, and until when it refuses', async () => {
  const learned = { limit: 60, until: NOW + 3_000_000 }
  await putUpstream({ 'window:minute': { ...window, limit: 60, learned, refusedUntil: NOW + 30_000 } })
  expect(await line('budget')).toBe(
    'none of 60 calls left until 00:27:10: ClickUp refused one for its rate; ClickUp let through no more, although it tells 100',
  )
  await putUpstream({ 'window:minute': { ...window, latest: NOW - 1, limit: 60, learned, refusedUntil: 0 } })
  expect(await line('budget')).toBe('60 calls a minute, all left; ClickUp let through no more, although it tells 100')
})

test('an outage and a refused token are told, and when either is tried again', async () => {
  await putUpstream({
    breaker: { failures: 5, firstAt: NOW - 600_000, probes: 9, probeAt: NOW + 20_000 },
    refusal: { versions: ['1'], code: 'OAUTH_025', since: NOW - 60_000, tries: 0, tryAt: NOW - 1, trial: null },
  })
  expect(await line('ClickUp')).toBe('down since 00:16:40 (10m ago), asked again at 00:27:00')
  expect(await line('token')).toBe(
    'refused (OAUTH_025) since 00:25:40 (1m ago), tried again with the next work; a new token at once',
  )
  const { connections } = JSON.parse((await status('--json')).out)
  expect(connections[0].upstream).toMatchObject({
    breaker: { state: 'open', since: NOW - 600_000, nextProbeAt: NOW + 20_000 },
    token: { state: 'refused', since: NOW - 60_000, code: 'OAUTH_025', nextTryAt: NOW - 1 },
  })
})

test('a budget in a form that is not ours is left out and said so', async () => {
  await putUpstream({ 'window:minute': { begun: 'yesterday' } })
  expect(await line('budget')).toBe('not readable')
  const { status: code, err } = await status('--json')
  expect({ code, err }).toEqual({ code: 0, err: '1 stored item could not be read and was left out.\n' })
})
