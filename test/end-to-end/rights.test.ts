import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { packBytes, toSqsEntry } from '../../core/ingest/message.ts'
import { CONSUMER, VERIFIER } from '../../infra/rights.ts'
import { AwsError } from '../../local/aws/gateway.ts'
import { depthOf } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { post, statusDelivery } from './support/deliveries.ts'
import { aTask, isThere, ledgerById, untilDrained } from './support/system.ts'

// Every turn that a delivery can take, through the roles of the synthesized template.
let system: LocalSystem
let busFails = false
/** What each function called, by its name: `sqs:SendMessage quarantineQueue`. */
const used = { verifier: new Set<string>(), consumer: new Set<string>() }

beforeAll(async () => {
  system = await startLocal({ seed: 11 })
  const { gateway, stack } = system
  gateway.intercept(({ accessKeyId, action, resources }) => {
    const caller = stack.functions.find((one) => one.accessKeyId === accessKeyId)?.name
    const calls = caller?.endsWith('-consumer') ? used.consumer : caller?.endsWith('-verifier') ? used.verifier : null
    for (const resource of resources) calls?.add(`${action} ${nameOf(resource)}`)
    if (busFails && action === 'events:PutEvents') throw new AwsError('InternalFailure', 'The bus is down.')
  })
})

afterAll(() => system?.close())

/** A resource by its name in the list of rights. */
function nameOf(arn: string): string {
  const { tables, queues, busName } = system.details
  const last = arn.split(/[:/]/).at(-1) ?? arn
  const names: Record<string, string> = {
    [tables.ledger]: 'ledger',
    [tables.tasks]: 'tasks',
    [tables.state]: 'state',
    [queues.deliveries.split('/').at(-1) ?? '']: 'deliveriesQueue',
    [queues.quarantine.split('/').at(-1) ?? '']: 'quarantineQueue',
    [busName]: 'bus',
  }
  // Secrets Manager adds six letters of its own.
  return names[last] ?? last.replace(/-\w{6}$/, '')
}

const rightsIn = (rights: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(rights).flatMap(([resource, actions]) => actions.map((action) => `${action} ${resource}`))

const called = (call: string, deadlineMs = 20_000) =>
  until(() => (used.consumer.has(call) ? true : undefined), { what: call, deadlineMs })

/** Messages that were sent with a delay which is not over yet; one that comes back by itself is none. */
async function putOff(): Promise<number> {
  const { clients, details } = system
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: details.queues.deliveries,
      AttributeNames: ['ApproximateNumberOfMessagesDelayed'],
    }),
  )
  return Number(Attributes?.['ApproximateNumberOfMessagesDelayed'])
}

test('a repeated delivery is met by its change', async () => {
  const body = statusDelivery(aTask(system, 0).id)
  for (let copy = 0; copy < 2; copy += 1) {
    expect(await post(system.details, body)).toMatchObject({ status: 200 })
    await untilDrained(system)
  }
  expect((await ledgerById(system, system.details.tables.ledger)).size).toBe(1)
})

test('what is done of a large delivery is read at once', async () => {
  const { id } = aTask(system, 4)
  const one = z.looseObject({ history_items: z.tuple([z.looseObject({})]) }).parse(JSON.parse(statusDelivery(id)))
  const items = Array.from({ length: 101 }, (_, n) => ({ ...one.history_items[0], id: `large-${n}` }))
  await post(system.details, JSON.stringify({ ...one, history_items: items }))
  await called('dynamodb:BatchGetItem ledger')
  await untilDrained(system)
})

test('a hint is looked at', async () => {
  const { id } = aTask(system, 1)
  await post(system.details, JSON.stringify({ event: 'taskUpdated', task_id: id, history_items: [] }))
  await untilDrained(system)
  const key = { pk: `main#task#${id}`, sk: 'known' }
  expect(await isThere(system, system.details.tables.tasks, key)).toBeDefined()
})

test('what may tell of what a sweep has found is looked up in the history', async () => {
  const { clients, details } = system
  const { id } = aTask(system, 1)
  await clients.dynamo.send(
    new UpdateCommand({
      TableName: details.tables.tasks,
      Key: { pk: `main#task#${id}`, sk: 'known' },
      UpdateExpression: 'SET sweptUntil = :late',
      ExpressionAttributeValues: { ':late': Date.now() + 3_600_000 },
    }),
  )
  await post(details, statusDelivery(id))
  await called('dynamodb:Query ledger')
  await untilDrained(system)
})

test('what nobody can read is quarantined', async () => {
  const { clients, details } = system
  await post(details, '{')
  await untilDrained(system)
  expect(await depthOf(clients.sqs, details.queues.quarantine)).toBe(1)
})

test('what fails comes again in seconds', async () => {
  busFails = true
  await post(system.details, statusDelivery(aTask(system, 2).id))
  await called('sqs:ChangeMessageVisibility deliveriesQueue')
  busFails = false
  // The queue's own visibility time-out is six minutes.
  await untilDrained(system, 25_000)
  expect(await depthOf(system.clients.sqs, system.details.queues.quarantine)).toBe(1)
})

test('what has to wait is sent anew, and gives its claim back', async () => {
  const before = (await ledgerById(system, system.details.tables.ledger)).size
  Object.assign(system.clickup?.faults ?? {}, { outage: { from: null, until: null, answer: 503 } })
  await post(system.details, statusDelivery(aTask(system, 3).id))
  await until(async () => ((await putOff()) === 1 ? true : undefined), { what: 'the message', deadlineMs: 10_000 })
  const isFree = async () => (await ledgerById(system, system.details.tables.ledger)).size === before || undefined
  await until(isFree, { what: 'the claim to be free', deadlineMs: 10_000 })
})

test('what cannot be read for too long is published without, and read when it can be', async () => {
  const { clients, details } = system
  const { id } = aTask(system, 5)
  const arrival = { connection: 'main', slot: 'a', receivedAt: Date.now() - 11 * 60_000 } as const
  const message = packBytes(arrival, Buffer.from(statusDelivery(id))) ?? expect.fail('too large')
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: details.queues.deliveries, ...toSqsEntry(message) }))
  const owed = { pk: 'main#owed', sk: id }
  await until(() => isThere(system, details.tables.tasks, owed), { what: 'the debt', deadlineMs: 15_000 })
  Object.assign(system.clickup?.faults ?? {}, { outage: null })
  await called('dynamodb:Query tasks', 60_000)
  await called('dynamodb:DeleteItem tasks', 20_000)
}, 120_000)

test('state that is none of ours is begun anew', async () => {
  const { clients, details } = system
  for (const pk of ['main#desk', 'main#upstream'])
    await clients.dynamo.send(
      new PutCommand({
        TableName: details.tables.state,
        Item: { pk, reads: 1, 'window:minute': 'full', waiting: 'x' },
      }),
    )
  await post(details, statusDelivery(aTask(system, 6).id))
  await called('dynamodb:PutItem state')
  await called('dynamodb:DeleteItem state')
})

test('all of it takes the rights that the functions have, and no right is left over', () => {
  const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
  const own = (calls: Set<string>) => [...calls].filter((call) => !polling.some((action) => call.startsWith(action)))
  expect(own(used.verifier).sort()).toEqual(['secretsmanager:GetSecretValue signing', ...rightsIn(VERIFIER)].sort())
  expect(own(used.consumer).sort()).toEqual(
    ['secretsmanager:GetSecretValue token', 'events:PutEvents bus', ...rightsIn(CONSUMER)].sort(),
  )
})
