import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { vi } from 'vitest'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { accept } from '../../core/ingest/accept.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import { PK } from '../../core/platform/tables.ts'
import { loadReport, type Rotated } from '../../core/rotation/report.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { run as runGuard } from '../../functions/guard/run.ts'
import { buildGuard } from '../../functions/guard/services.ts'
import { buildRotateSigning } from '../../functions/rotate-signing/services.ts'
import { buildRotateToken } from '../../functions/rotate-token/services.ts'
import { workerPlatform } from '../../functions/shared/platform.ts'
import { takeRotationStep } from '../../functions/shared/rotation-step.ts'
import { toRequest } from '../../functions/verifier/request.ts'
import { buildServices } from '../../functions/verifier/services.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { startFakeClickUp } from '../../local/clickup/server.ts'
import { awsClients } from '../../local/start/clients.ts'
import { awsEnv } from '../platform/aws-server.ts'
import { table } from '../support/dynamo.ts'

const STAGE = 'dev'
/** Time pressed together as the checks do it, for verifier, guard and rotations alike. */
const CACHE = { lifeMs: 100, staleMs: 1_000, pauseMs: 10, refreshEveryMs: 20 }
const OVERLAP_MS = 60_000
const connection = (name: string): Connection => ({ name, filter: {}, storeComments: false, storeEmails: false })
const ARN = {
  signing: 'arn:aws:lambda:us-east-1:000000000000:function:s',
  token: 'arn:aws:lambda:us-east-1:000000000000:function:t',
}
const SECRET = { signing: signingSecretName(STAGE, 'main'), token: tokenSecretName(STAGE, 'main') }

/**
 * A stage whose functions run in this process against local AWS and a ClickUp: Secrets Manager calls both that rotate, the
 * public route leads to the verifier. It has two connections, and `main` is made.
 */
export async function startStage() {
  const gateway = await startAwsGateway({ retryRotationAfterMs: [] })
  const aws = awsEnv(gateway.url)
  const credentials = { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY }
  gateway.admit({ accessKeyId: credentials.accessKeyId, name: 'test', statements: 'all' })
  const clients = awsClients({ endpoint: gateway.url, region: gateway.region, credentials })
  const clickup = await startFakeClickUp({ seed: 7, demo: false, plan: 'Enterprise' })
  await gateway.createTable(table('state', [PK], []))
  const [jobs, guardJobs, deliveries] = await Promise.all(
    ['jobs', 'guard', 'deliveries'].map((name) => gateway.createQueue({ name, attributes: {} })),
  )
  for (const name of ['main', 'ops']) {
    await gateway.createSecret({ name: signingSecretName(STAGE, name), value: '{"v":1,"slots":{}}' })
    await gateway.createSecret({ name: tokenSecretName(STAGE, name), value: '{"v":1,"token":null}' })
  }
  const door = await openDoor((event) => accept(toRequest(event), verifier))
  const environment: Record<string, string> = {
    ...aws,
    [ENV.stage]: STAGE,
    [ENV.connections]: JSON.stringify(['main', 'ops'].map(connection)),
    [ENV.stateTable]: 'state',
    [ENV.apiUrl]: door.url,
    [ENV.jobsQueueUrl]: jobs?.url ?? '',
    [ENV.guardQueueUrl]: guardJobs?.url ?? '',
    [ENV.deliveriesQueueUrl]: deliveries?.url ?? '',
    [ENV.rotationSettings]: JSON.stringify({ overlapMs: OVERLAP_MS }),
    [ENV.signingCache]: JSON.stringify(CACHE),
    [ENV.clickupApiUrl]: clickup.url,
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)

  const lines: { message: string; fields: Record<string, unknown> | undefined }[] = []
  const counted: string[] = []
  const write = (message: string, fields?: Record<string, unknown>) => void lines.push({ message, fields })
  /** Told of each call that guard and rotations have made. */
  const hooks: { called(method: string, url: string): Promise<void> } = { called: async () => undefined }
  let ahead = 0
  const system = workerPlatform('test', STAGE)
  const platform = {
    ...system,
    clock: { now: () => Date.now() + ahead },
    fetch: async (url: string, init: RequestInit) => {
      const response = await system.fetch(url, init)
      await hooks.called(init.method ?? 'GET', url)
      return response
    },
    ...{ sqs: clients.sqs, dynamo: clients.dynamo, secrets: clients.secrets },
    log: { info: write, warn: write, error: write },
    metrics: {
      count: (name: string) => void counted.push(name),
      milliseconds: () => undefined,
      percent: () => undefined,
      flush: () => undefined,
    },
  }
  const rotators = {
    signing: buildRotateSigning(environment, platform),
    token: buildRotateToken(environment, platform),
  }
  const steps: Promise<void>[] = []
  gateway.onInvoke((functionArn, payload) => {
    const step = takeRotationStep(payload, functionArn === ARN.signing ? rotators.signing : rotators.token, 60_000)
    steps.push(step)
    return step
  })
  const { log, metrics } = platform
  // From its own environment, as where it is deployed: its secrets come as the pressed times say.
  const verifier = { ...buildServices(), log, metrics }
  const guard = buildGuard(environment, platform)
  const state = { dynamo: clients.dynamo, table: 'state' }

  const described = async (rotated: Rotated) =>
    (await clients.secrets.send(new DescribeSecretCommand({ SecretId: SECRET[rotated] }))).VersionIdsToStages ?? {}

  return {
    ...{ clickup, lines, counted, rotators, hooks, state },
    now: platform.clock.now,
    /** Time goes by for guard and rotations. */
    pass: (ms: number) => {
      ahead += ms
    },
    endpoints: () => [...clickup.webhooks.all()].map(({ endpoint }) => endpoint),
    /** What is stored says that `main` was connected, as the operator's command does. */
    async connect(): Promise<void> {
      await this.putToken({ token: clickup.tokens.service })
      const userId = String(clickup.world.users()[0]?.id)
      await saveConnection(state, 'main', { workspaceId: clickup.workspaceId, userId })
      for (let round = 0; round < 50; round += 1) {
        await this.guard()
        if ((await this.signing()).slots.a?.state === 'active') return
        await sleep(20)
      }
      throw new Error('The guard has made no webhook')
    },
    /** The guard comes by. */
    async guard(): Promise<void> {
      await runGuard({ Records: [{ messageId: 'm', body: '{"job":"guard","connection":"main"}' }] }, guard, 60_000)
    },
    async putToken(secret: Record<string, unknown>, label = 'AWSCURRENT'): Promise<void> {
      const SecretString = JSON.stringify({ v: 1, ...secret })
      await clients.secrets.send(
        new PutSecretValueCommand({ SecretId: SECRET.token, SecretString, VersionStages: [label] }),
      )
    },
    /** RotateSecret, until no step is taken any more. Its version, with the labels that it has then. */
    async rotate(rotated: Rotated, immediately = true): Promise<{ version: string; labels: string[] }> {
      const { VersionId: version = '' } = await clients.secrets.send(
        new RotateSecretCommand({
          ...{ SecretId: SECRET[rotated], RotationLambdaARN: ARN[rotated], RotateImmediately: immediately },
        }),
      )
      const expected = immediately ? 4 : 1
      for (let taken = 1; taken <= expected; taken += 1) {
        await vi.waitUntil(() => steps.length > 0, { timeout: 5_000, interval: 1 })
        const failed = await steps.shift()?.then(
          () => false,
          () => true,
        )
        if (failed) break
      }
      return { version, labels: (await described(rotated))[version] ?? [] }
    },
    described,
    /** As Secrets Manager asks for a step again. */
    async takeStep(rotated: Rotated, Step: string, version: string): Promise<void> {
      const { ARN: SecretId } = await clients.secrets.send(new DescribeSecretCommand({ SecretId: SECRET[rotated] }))
      await takeRotationStep({ Step, SecretId, ClientRequestToken: version }, rotators[rotated], 60_000)
    },
    async valueOf(rotated: Rotated): Promise<string> {
      const { SecretString = '' } = await clients.secrets.send(new GetSecretValueCommand({ SecretId: SECRET[rotated] }))
      return SecretString
    },
    async signing() {
      return parseSigningSecret(await this.valueOf('signing'))
    },
    report: (rotated: Rotated) => loadReport(state, 'main', rotated),
    url: (slot: string) => webhookUrl(door.url, 'main', slot),
    async close(): Promise<void> {
      vi.unstubAllEnvs()
      await door.close()
      await clickup.close()
      clients.destroy()
      await gateway.close()
    },
  }
}

/** What API Gateway is to the verifier, as far as it uses it. */
async function openDoor(verify: (event: unknown) => Promise<{ status: number }>) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const [name = '', slot = ''] = (request.url ?? '').split('/').slice(-2)
    const pathParameters = { connection: name, slot }
    const { status } = await verify({ pathParameters, headers: request.headers, body, isBase64Encoded: false })
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
