import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createClickUp } from '../../core/clickup/client.ts'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { type GuardServices, runGuard } from '../../core/guard/guard.ts'
import { WAIT_MS } from '../../core/guard/make.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { loadWebhooks } from '../../core/guard/state.ts'
import { signingSecretName, webhookUrl } from '../../core/platform/names.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { type Job, jobSender, parseJob } from '../../core/sync/job.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type FakeClickUp, startFakeClickUp } from '../../local/clickup/server.ts'
import { awsClients } from '../../local/start/clients.ts'
import { startDynamo } from '../support/dynamo.ts'
import { openGate } from '../support/gate.ts'

const CREDENTIALS = { accessKeyId: 'guard', secretAccessKey: 'local' }
export const MINUTE = 60_000

/** The AWS parts and a ClickUp, on loopback. */
export async function startParts(): Promise<Parts> {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: CREDENTIALS.accessKeyId, name: 'guard', statements: 'all' })
  const dynamodb = await startDynamo()
  const clients = {
    ...awsClients({ endpoint: gateway.url, region: gateway.region, credentials: CREDENTIALS }),
    dynamo: dynamodb.dynamo,
  }
  const clickup = await startFakeClickUp({ seed: 5, demo: false, plan: 'Enterprise' })
  return {
    gateway,
    clients,
    clickup,
    makeTable: dynamodb.stateTable,
    async close() {
      await dynamodb.close()
      clients.destroy()
      await clickup.close()
      await gateway.close()
    },
  }
}
export type Parts = {
  gateway: AwsGateway
  clients: ReturnType<typeof awsClients>
  clickup: FakeClickUp
  /** A table of the state's form. */
  makeTable(name: string): Promise<void>
  close(): Promise<void>
}

let stages = 0

/** What a run calls: replaced to let it die at any of its calls. */
export type Ports = { fetch: Fetch; dynamo: DynamoDBDocumentClient; secrets: SecretsManagerClient }

/** A stage of its own with one connection that was made, and its own clock. */
export async function makeStage(
  { gateway, clients, clickup, makeTable }: Parts,
  mode: 'webhook' | 'poll' | 'unmade' = 'webhook',
) {
  stages += 1
  const stage = `stage${stages}`
  const connection = 'main'
  const apiUrl = `http://127.0.0.1:9/${stage}`
  const state = { dynamo: clients.dynamo, table: `state-${stage}` }
  await makeTable(state.table)
  const secretName = signingSecretName(stage, connection)
  await gateway.createSecret({ name: secretName, value: JSON.stringify({ v: 1, slots: {} }) })
  const jobs = await gateway.createQueue({ name: `jobs-${stage}`, attributes: {} })
  const userId = String(clickup.world.users()[0]?.id)
  if (mode !== 'unmade') await saveConnection(state, connection, { workspaceId: clickup.workspaceId, userId, mode })
  const clock = { time: Date.UTC(2026, 2, 16, 12), now: () => clock.time }
  const lines: { message: string; detail?: unknown }[] = []
  const log = (message: string, fields: Record<string, unknown> = {}) => void lines.push({ message, ...fields })
  const delayed: { job: Job; seconds: number }[] = []
  let holders = 0

  const clickupBy = (token: string, send: Fetch = (url, init) => fetch(url, init)) =>
    createClickUp({
      ...{ baseUrl: clickup.url, fetch: send, clock, random: () => 0, gate: openGate, lane: 'control' },
      sleep: async () => undefined,
      token: async () => ({ token, version: token }),
    })

  function services(ports: Partial<Ports> = {}): GuardServices & { sendGuard: typeof sendGuard } {
    holders += 1
    const { fetch: send = (url, init) => fetch(url, init), dynamo = clients.dynamo, secrets = clients.secrets } = ports
    const sleep = async () => undefined
    return {
      connection,
      state: { ...state, dynamo },
      signing: createSigningStore(secrets, secretName, sleep),
      clickup: clickupBy(clickup.tokens.service, send),
      apiUrl,
      sendJob: jobSender(clients.sqs, jobs.url),
      sendGuard,
      clock,
      log: { info: log, warn: log, error: log },
      waitMs: WAIT_MS.soon,
      tokenLifeMs: MINUTE,
      holder: `run ${holders}`,
    }
  }
  const sendGuard = async (job: Job, seconds = 0) => void delayed.push({ job, seconds })
  const run = (reason: Job['reason'] = 'schedule', ports?: Partial<Ports>) => runGuard({ reason }, services(ports))

  return {
    ...{ stage, connection, apiUrl, state, clock, lines, delayed, services, run, userId, clickupBy },
    url: (slot: 'a' | 'b') => webhookUrl(apiUrl, connection, slot),
    /** Runs, and again when what was begun is ready. */
    async runToEnd(reason: Job['reason'] = 'schedule') {
      let guarded = await run(reason)
      for (let again = 0; again < 5 && guarded.kind === 'waiting'; again += 1) {
        clock.time = Math.max(clock.time, guarded.until)
        guarded = await run()
      }
      return guarded
    },
    async signing() {
      const { SecretString = '' } = await clients.secrets.send(new GetSecretValueCommand({ SecretId: secretName }))
      return parseSigningSecret(SecretString).slots
    },
    saved: () => loadWebhooks(state, connection),
    gaps: () => createGapStore(state).list(connection),
    /** The jobs that were sent since it was asked last. */
    async jobs(): Promise<(Job | null)[]> {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: jobs.url, MaxNumberOfMessages: 10 }),
      )
      return Messages.map(({ Body = '' }) => parseJob(Body))
    },
    /** The webhooks at this stage's addresses, as ClickUp has them. */
    ours: () => [...clickup.webhooks.all()].filter(({ endpoint }) => endpoint.startsWith(`${apiUrl}/`)),
  }
}
export type Stage = Awaited<ReturnType<typeof makeStage>>
