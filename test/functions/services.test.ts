import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { CALL_LIMITS, clientSettings } from '../../core/platform/aws/limits.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { PK, SK } from '../../core/platform/tables.ts'
import { systemPlatform } from '../../functions/consumer/platform.ts'
import { buildConsumer } from '../../functions/consumer/services.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { awsEnv } from '../platform/aws-server.ts'
import { change } from '../publish/events.ts'
import { CONNECTION, LEASE_MS } from '../support/consumer.ts'
import { answer } from '../support/upstream.ts'

const TOKEN = tokenSecretName('dev', CONNECTION.name)
const tokenText = (token: string) => JSON.stringify({ v: 1, token })

let gateway: AwsGateway
beforeEach(async () => {
  gateway = await startAwsGateway()
  const environment = awsEnv(gateway.url)
  gateway.admit({ accessKeyId: environment.AWS_ACCESS_KEY_ID, name: 'consumer', statements: 'all' })
  await gateway.createSecret({ name: TOKEN, value: tokenText('old') })
  await Promise.all([createTable('ledger', [PK, SK]), createTable('tasks', [PK, SK]), createTable('state', [PK])])
  const variables = {
    ...environment,
    [ENV.stage]: 'dev',
    [ENV.connections]: JSON.stringify([CONNECTION]),
    [ENV.settings]: JSON.stringify({ leaseMs: LEASE_MS, ledgerDays: 400 }),
    [ENV.ledgerTable]: 'ledger',
    [ENV.tasksTable]: 'tasks',
    [ENV.stateTable]: 'state',
    [ENV.deliveriesQueueUrl]: `${gateway.url}/1/deliveries`,
    [ENV.quarantineQueueUrl]: `${gateway.url}/1/quarantine`,
    [ENV.busName]: 'bus',
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await gateway.close()
})

const createTable = (TableName: string, keys: string[]) =>
  gateway.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  })

const TIMES = { lane: 'live', deadline: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY } as const

it('takes up a token that was rotated, as soon as the old one is refused', async () => {
  const realFetch = globalThis.fetch
  const used: (string | null)[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url.startsWith(gateway.url)) return realFetch(url, init)
    const authorization = new Headers(init.headers).get('authorization')
    used.push(authorization)
    return authorization === 'Bearer new' ? answer(200, { id: 'abc' }) : answer(401, { ECODE: 'OAUTH_025' })
  })
  const { clickup } = buildConsumer().servicesOf(CONNECTION.name, TIMES)
  const ask = () => clickup.get('/task/abc', z.object({ id: z.string() }))
  expect(await ask()).toMatchObject({ kind: 'tokenDead' })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
  const secrets = new SecretsManagerClient(clientSettings(CALL_LIMITS.worker))
  await secrets.send(new PutSecretValueCommand({ SecretId: TOKEN, SecretString: tokenText('new') }))
  secrets.destroy()
  expect(await ask()).toMatchObject({ kind: 'ok' })
  vi.useRealTimers()
  expect(used.slice(-2)).toEqual(['Bearer old', 'Bearer new'])
})

it('counts rate headers that cannot be right, and goes on', async () => {
  const counts: Record<string, number> = {}
  const lines: unknown[] = []
  const write = (message: string, fields = {}) => void lines.push({ message, ...fields })
  const log = { info: write, warn: write, error: write }
  const metrics = {
    count: (name: string, value = 1) => {
      counts[name] = (counts[name] ?? 0) + value
    },
    milliseconds: () => undefined,
    percent: () => undefined,
    flush: () => undefined,
  }
  const absurd = { 'x-ratelimit-limit': '-100', 'x-ratelimit-remaining': '1e9', 'x-ratelimit-reset': 'soon' }
  const fetch = async () => answer(200, { id: 'abc' }, absurd)
  const consumer = buildConsumer(process.env, { ...systemPlatform('consumer', 'dev'), fetch, metrics, log })
  const { clickup } = consumer.servicesOf(CONNECTION.name, TIMES)
  expect(await clickup.get('/task/abc', z.object({ id: z.string() }))).toMatchObject({ kind: 'ok' })
  expect(counts).toEqual({ ApiCalls: 1 })
  expect(lines).toEqual([
    {
      ...{ message: 'call', connection: CONNECTION.name, lane: 'live', method: 'GET', path: '/v2/task/{task_id}' },
      ...{ status: 200, outcome: 'ok', ms: expect.any(Number), ignoredHeaders: 3 },
    },
  ])
})

it('asks nothing with a token that cannot be read, and says why', async () => {
  const other = { ...CONNECTION, name: 'other' }
  vi.stubEnv(ENV.connections, JSON.stringify([other]))
  const lines: unknown[] = []
  const write = (message: string, { connection, error }: Record<string, unknown> = {}) =>
    void lines.push([message, connection, error instanceof Error && error.name])
  const fetch = () => Promise.reject(new Error('it was called'))
  const log = { info: write, warn: write, error: write }
  const consumer = buildConsumer(process.env, { ...systemPlatform('consumer', 'dev'), fetch, log })
  const { clickup } = consumer.servicesOf(other.name, TIMES)
  const reason = 'ResourceNotFoundException'
  expect(await clickup.get('/task/abc', z.unknown())).toEqual({ kind: 'noToken', reason })
  expect(lines).toEqual([['The token could not be read from its secret', 'other', reason]])
})

it('begins no call when its deadline has come', async () => {
  const fetch = () => Promise.reject(new Error('it was called'))
  const consumer = buildConsumer(process.env, { ...systemPlatform('consumer', 'dev'), fetch })
  const { clickup } = consumer.servicesOf(CONNECTION.name, { ...TIMES, deadline: Date.now() + 1_000 })
  expect(await clickup.get('/task/abc', z.unknown())).toEqual({ kind: 'outOfTime' })
})

it('owns a claim by the invocation, not by the container', async () => {
  const consumer = buildConsumer()
  const [first, second] = [consumer.servicesOf(CONNECTION.name, TIMES), consumer.servicesOf(CONNECTION.name, TIMES)]
  expect(await first.ledger.claim(change())).toEqual({ kind: 'claimed' })
  expect(await second.ledger.complete(change(), Date.now())).toBe('lost')
  expect(await first.ledger.complete(change(), Date.now())).toBe('completed')
})

it('knows the connection’s own user once that is written down', async () => {
  const state = { dynamo: dynamoClient(CALL_LIMITS.worker), table: 'state' }
  expect(await buildConsumer().servicesOf(CONNECTION.name, TIMES).record()).toBeNull()
  await saveConnection(state, CONNECTION.name, { workspaceId: '9001', userId: '183' })
  expect(await buildConsumer().servicesOf(CONNECTION.name, TIMES).record()).toMatchObject({ userId: '183' })
})
