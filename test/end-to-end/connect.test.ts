import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { PK } from '../../core/platform/tables.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type FakeClickUp, startFakeClickUp } from '../../local/clickup/server.ts'
import { ConnectError, connect } from '../../local/connect.ts'
import { type AwsClients, awsClients } from '../../local/start/clients.ts'

const STATE = 'state'
const [TOKEN, SIGNING] = [tokenSecretName('prod', 'main'), signingSecretName('prod', 'main')]

let gateway: AwsGateway
let clickup: FakeClickUp
let clients: AwsClients

beforeEach(async () => {
  gateway = await startAwsGateway()
  clickup = await startFakeClickUp({ seed: 1, demo: false })
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' }
  gateway.admit({ accessKeyId: credentials.accessKeyId, name: 'operator', statements: 'all' })
  clients = awsClients({ endpoint: gateway.url, region: gateway.region, credentials })
  await gateway.createSecret({ name: TOKEN, value: JSON.stringify({ v: 1, token: null }) })
  await gateway.createSecret({ name: SIGNING, value: JSON.stringify({ v: 1, slots: {} }) })
  await gateway.createTable({
    TableName: STATE,
    AttributeDefinitions: [{ AttributeName: PK, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: PK, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
})

afterEach(async () => {
  clients.destroy()
  await clickup.close()
  await gateway.close()
})

const connectAt = (apiUrl: string, token = clickup.tokens.service) =>
  connect({
    ...{ stage: 'prod', connection: 'main', apiUrl },
    clickup: { url: clickup.url, token },
    secrets: clients.secrets,
    state: { dynamo: clients.dynamo, table: STATE },
  })

async function secretOf(name: string): Promise<string> {
  const { SecretString } = await clients.secrets.send(new GetSecretValueCommand({ SecretId: name }))
  return SecretString ?? ''
}

/** Id and endpoint of each webhook that the token's user has. */
async function webhooks(): Promise<unknown> {
  const response = await fetch(`${clickup.url}/v2/team/${clickup.workspaceId}/webhook`, {
    headers: { authorization: clickup.tokens.service },
  })
  return response.json()
}

test('stores token, record and signing secret, and registers one webhook for everything', async () => {
  const connected = await connectAt('http://127.0.0.1:4665')
  const { webhookId, signingSecret: secret } = connected
  expect(connected.webhookUrl).toBe('http://127.0.0.1:4665/webhooks/clickup/main/a')
  expect(JSON.parse(await secretOf(TOKEN))).toEqual({ v: 1, token: clickup.tokens.service, since: expect.any(Number) })
  expect(parseSigningSecret(await secretOf(SIGNING)).slots).toEqual({ a: { webhookId, secret, state: 'active' } })
  expect(await loadConnection({ dynamo: clients.dynamo, table: STATE }, 'main')).toEqual({
    workspaceId: clickup.workspaceId,
    workspaceName: connected.workspace.name,
    userId: connected.user.id,
    userName: connected.user.name,
    mode: 'webhook',
    connectedAt: expect.any(Number),
    // The fake's workspace has the plan Unlimited.
    callsPerMinute: 100,
  })
  expect(await webhooks()).toMatchObject({
    webhooks: [{ id: webhookId, endpoint: connected.webhookUrl, secret, space_id: null, list_id: null }],
  })
})

test('takes over the webhook that a killed run has left at the same address', async () => {
  const first = await connectAt('http://127.0.0.1:4665')
  const second = await connectAt('http://127.0.0.1:4665')
  expect(second).toMatchObject({ webhookId: first.webhookId, signingSecret: first.signingSecret })
})

/** A webhook that an earlier run has left behind: nothing here knows of it any more. */
async function leave(endpoint: string): Promise<string> {
  const response = await fetch(`${clickup.url}/v2/team/${clickup.workspaceId}/webhook`, {
    method: 'POST',
    headers: { authorization: clickup.tokens.service, 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, events: ['*'] }),
  })
  return z.object({ id: z.string() }).parse(await response.json()).id
}

test('replaces the webhook that a killed run has left at another port', async () => {
  const left = await leave('http://127.0.0.1:4001/webhooks/clickup/main/a')
  const connected = await connectAt('http://127.0.0.1:4002')
  expect(connected.webhookId).not.toBe(left)
  expect(await webhooks()).toMatchObject({ webhooks: [{ endpoint: 'http://127.0.0.1:4002/webhooks/clickup/main/a' }] })
  expect(parseSigningSecret(await secretOf(SIGNING)).slots.a?.webhookId).toBe(connected.webhookId)
})

test("leaves a webhook alone that is not this machine's, and says that it is in the way", async () => {
  const left = await leave('https://hooks.example.com/webhooks/clickup/main/a')
  await expect(connectAt('http://127.0.0.1:4665')).rejects.toThrow(/OAUTH_171/)
  expect(await webhooks()).toMatchObject({ webhooks: [{ id: left }] })
  expect(JSON.parse(await secretOf(TOKEN))).toEqual({ v: 1, token: null })
})

test('disconnecting deletes the webhook', async () => {
  const connected = await connectAt('http://127.0.0.1:4665')
  await connected.disconnect()
  expect(await webhooks()).toEqual({ webhooks: [] })
})

test('a token that ClickUp refuses is one sentence', async () => {
  await expect(connectAt('http://127.0.0.1:4665', 'wrong')).rejects.toThrow(ConnectError)
  await expect(connectAt('http://127.0.0.1:4665', 'wrong')).rejects.toThrow(
    /^ClickUp does not accept the token \(OAUTH_\d+\)/,
  )
  expect(JSON.parse(await secretOf(TOKEN))).toEqual({ v: 1, token: null })
})
