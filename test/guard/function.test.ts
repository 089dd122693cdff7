import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { run } from '../../functions/guard/run.ts'
import { buildGuard, type Guard } from '../../functions/guard/services.ts'
import { workerPlatform } from '../../functions/shared/platform.ts'
import { makeStage, type Parts, type Stage, startParts } from './support.ts'

let parts: Parts
let stage: Stage
let guard: Guard
let queue: string
beforeAll(async () => {
  parts = await startParts()
  stage = await makeStage(parts)
  const { gateway, clickup } = parts
  queue = (await gateway.createQueue({ name: 'guard', attributes: {} })).url
  const token = JSON.stringify({ v: 1, token: clickup.tokens.service })
  await gateway.createSecret({ name: tokenSecretName(stage.stage, 'main'), value: token })
  const connections = ['main', 'other'].map((name) => ({ name, filter: {}, storeComments: false, storeEmails: false }))
  const { sqs: client, dynamo, secrets } = parts.clients
  guard = buildGuard(
    {
      [ENV.stage]: stage.stage,
      [ENV.connections]: JSON.stringify(connections),
      [ENV.stateTable]: stage.state.table,
      [ENV.apiUrl]: stage.apiUrl,
      [ENV.guardQueueUrl]: queue,
      [ENV.jobsQueueUrl]: queue,
      [ENV.clickupApiUrl]: clickup.url,
    },
    { ...workerPlatform('guard', stage.stage), sqs: client, dynamo, secrets, sleep: async () => undefined },
  )
})
afterAll(() => parts.close())

const event = (...bodies: unknown[]) => ({
  Records: bodies.map((body, i) => ({
    messageId: `m${i}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
})

test('looks after every connection that was made, once, and counts its calls in the shared budget', async () => {
  const everybody = { job: 'guard', connection: '*' }
  const answer = await run(event(everybody, everybody, 'nonsense', { job: 'sweep', connection: 'main' }), guard, 60_000)
  expect(answer).toEqual({ batchItemFailures: [] })
  expect(stage.ours()).toHaveLength(1)
  expect((await stage.saved())?.report).toMatchObject({ verdict: 'mending' })
  expect(Object.keys(await stage.signing())).toEqual(['a'])
  const { Item } = await stage.state.dynamo.send(
    new GetCommand({ TableName: stage.state.table, Key: { pk: 'main#upstream' } }),
  )
  expect(Item).toHaveProperty('window:minute')
  // It sends itself on, to be seen when the webhook is ready.
  const delayed = 'ApproximateNumberOfMessagesDelayed'
  const { Attributes } = await parts.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: [delayed] }),
  )
  expect(Attributes?.[delayed]).toBe('1')
})

test('a connection that fails keeps its messages, and the others do not suffer', async () => {
  await parts.clients.dynamo.send(
    new PutCommand({
      TableName: stage.state.table,
      Item: { pk: 'other#connection', workspaceId: parts.clickup.workspaceId, userId: '1' },
    }),
  )
  const bodies = [
    { job: 'guard', connection: 'main' },
    { job: 'guard', connection: 'other' },
    { job: 'guard', connection: 'nobody' },
  ]
  // Its token cannot be read, which is as good as a dead one: nothing that the message could mend.
  expect(await run(event(...bodies), guard, 60_000)).toEqual({ batchItemFailures: [] })
  const broken: Guard = {
    ...guard,
    servicesOf: (connection, deadline) => {
      const services = guard.servicesOf(connection, deadline)
      if (connection === 'main') return services
      return { ...services, state: { ...services.state, table: 'missing' } }
    },
  }
  expect(await run(event(...bodies), broken, 60_000)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] })
  expect(stage.ours()).toHaveLength(1)
})

test('a run that is called without its variables says which', () => {
  expect(() => buildGuard({})).toThrow(new RegExp(ENV.apiUrl))
})
