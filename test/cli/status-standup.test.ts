import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PK } from '../../core/platform/tables.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import { directory, NOW, run, type Stack, startStack, TABLES } from './stack.ts'
import { HOUR, stateOf } from './states.ts'

let stack: Stack
let home: ReturnType<typeof directory>
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
  // Any queue will do: nobody works on its jobs here.
  home = directory({ ...stack.local, queues: { ...stack.queues, standup: stack.queues.deliveries } })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  home.remove()
  await stack.close()
})

const told = async () => {
  const { out } = await run(home.path, ['status'])
  return out
    .split('\n')
    .filter((line) => /^(summaries|model) /.test(line))
    .map((line) => line.replace(/ {2,}/, '|'))
}
const spending = (now = NOW) =>
  createSpending({ ...stateOf(stack), clock: { now: () => now } }, { dayUsd: 1, monthUsd: 10 })

test('says nothing of summaries where none are deployed', async () => {
  const { out } = await run(stack.cwd, ['status'])
  expect(out).not.toMatch(/^(summaries|model) /m)
  expect(JSON.parse((await run(stack.cwd, ['status', '--json'])).out).standup).toBeNull()
})

test('says what waits, and nothing of a model that was never asked', async () => {
  expect(await told()).toEqual(['summaries|nothing waits'])
  await stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.queues.deliveries, MessageBody: 'x' }))
  expect(await told()).toEqual(['summaries|1 waiting, 0 being worked on, 0 put off'])
})

test('says what the model has cost, and how often in a row it has failed', async () => {
  const reserved = await spending().reserve(12_300)
  if (reserved.kind !== 'reserved') throw new Error('nothing was reserved')
  expect(await told()).toEqual(['summaries|nothing waits', 'model|0.012 US$ today, 0.012 this month (UTC)'])
  await spending(NOW - HOUR).failed('timeout')
  await spending(NOW - HOUR).failed('timeout')
  expect((await told())[1]).toBe(
    'model|0.012 US$ today, 0.012 this month (UTC), has failed 2 times in a row (timeout, 1h ago)',
  )
  await spending().answered()
  expect((await told())[1]).toBe('model|0.012 US$ today, 0.012 this month (UTC)')
})

test('what is stored in a form that is none of ours is said, and the rest is told', async () => {
  const item = { [PK]: `spend#${new Date(NOW).toISOString().slice(0, 7)}`, total: 'much' }
  await stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: item }))
  expect((await told())[1]).toBe('model|what it has cost cannot be read')
})
