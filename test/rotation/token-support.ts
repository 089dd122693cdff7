import { RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import { createWebhooks } from '../../core/clickup/webhooks.ts'
import { type GuardServices, runGuard } from '../../core/guard/guard.ts'
import { waitsOf } from '../../core/guard/make.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { createReplace } from '../../core/rotation/replace.ts'
import { loadReport } from '../../core/rotation/report.ts'
import { createReporter } from '../../core/rotation/reporter.ts'
import { takeStep } from '../../core/rotation/steps.ts'
import { createTokenRotation } from '../../core/rotation/token.ts'
import { onTrial } from '../../core/rotation/token-trial.ts'
import { SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { CANDIDATE, parseTokenSecret, type TokenSecret } from '../../core/secrets/token.ts'
import { CURRENT, createVersions, holderOf, PENDING } from '../../core/secrets/versions.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import type { Credential } from '../../core/upstream/credential.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import { buildGuard } from '../../functions/guard/services.ts'
import { type WorkerPlatform, workerPlatform } from '../../functions/shared/platform.ts'
import { MINUTE, makeStage, type Parts, type Stage } from '../guard/support.ts'
import type { DyingPorts } from '../support/dying.ts'
import { openGate } from '../support/gate.ts'
import { STEPS, type Step, startVerifier } from './support.ts'

const PREVIOUS = 'AWSPREVIOUS'
/** When the token in use was brought. */
export const BROUGHT = Date.UTC(2026, 0, 5)

type Options = {
  mode?: 'webhook' | 'poll' | 'unmade'
  /** What the token secret holds. */
  held?: Record<string, unknown>
  /** Whether budget and refusals are shared and kept, as they are in a deployment. */
  realGate?: boolean
}

/** A stage whose token can be rotated, step by step; with a webhook, unless it was made otherwise. */
export async function makeTokenRotating(parts: Parts, { mode = 'webhook', held, realGate = false }: Options = {}) {
  const { gateway, clients, clickup } = parts
  for (const webhook of [...clickup.webhooks.all()]) clickup.webhooks.remove(webhook)
  const stage = await makeStage(parts, mode)
  const { clock, connection, state } = stage
  if (mode === 'webhook') await stage.runToEnd()
  const verifier = startVerifier(parts, stage)
  const name = tokenSecretName(stage.stage, connection)
  const first = clickup.issueToken(Number(stage.userId))
  await gateway.createSecret({ name, value: JSON.stringify(held ?? { v: 1, token: first, since: BROUGHT }) })
  gateway.onInvoke(async () => undefined)
  const versions = createVersions(clients.secrets, name)
  const slept: number[] = []
  const meanwhile: { act: () => Promise<void> } = { act: async () => undefined }
  let holders = 0

  const gateOf = (dynamo: DynamoDBDocumentClient): Gate =>
    realGate
      ? createClickUpGate({
          ...{ state: { ...state, dynamo }, connection, clock, random: () => 0, sleep: async () => undefined },
          log: stage.services().log,
        })
      : openGate

  function clientOf(credential: Credential, gate: Gate, fetch: Fetch): ClickUp {
    const times = { clock, random: () => 0, sleep: async () => undefined }
    return createClickUp({
      ...times,
      baseUrl: clickup.url,
      fetch,
      gate,
      lane: 'control',
      token: async () => credential,
    })
  }

  function rotationOf({
    fetch: send = (url, init) => fetch(url, init),
    dynamo = clients.dynamo,
    secrets = clients.secrets,
  }: Partial<DyingPorts> = {}) {
    const guard = stage.services()
    const mine = createVersions(secrets, name)
    const shared = { ...state, dynamo }
    const signing = createSigningStore(secrets, signingSecretName(stage.stage, connection), async () => undefined)
    const gate = gateOf(dynamo)
    const sleep = async (ms: number) => {
      slept.push(ms)
      clock.time += ms
      await meanwhile.act()
    }
    const patience = { sleep, deadline: clock.now() + 14 * MINUTE }
    holders += 1
    const holder = `rotation ${holders}`
    return createTokenRotation({
      ...{ connection, signing, patience, clock, log: guard.log, state: shared, versions: mine },
      clickupOf: (credential) => clientOf(credential, onTrial(gate), send),
      replace: (client, { workspaceId, ...users }) =>
        createReplace({
          ...{ connection, signing, patience, clock, holder, ...users, state: shared, log: guard.log },
          ...{ sendJob: guard.sendJob, sendGuard: guard.sendGuard, gaps: createGapStore(shared), post: verifier.post },
          ...{ urls: { a: stage.url('a'), b: stage.url('b') }, waits: waitsOf(SIGNING_CACHE), overlapMs: 60 * MINUTE },
          api: createWebhooks(client, workspaceId),
          nonce: () => holder,
        }),
      report: createReporter(shared, connection, 'token', clock),
    })
  }

  /** What a version with a label holds; null where there is none. */
  async function holding(label: string): Promise<(TokenSecret & { version: string }) | null> {
    const version = holderOf((await versions.describe()).labels, label)
    const found = version === undefined ? null : await versions.read(version)
    return version === undefined || found === null ? null : { ...parseTokenSecret(found.text), version }
  }
  async function clientHolding(label: string) {
    const found = await holding(label)
    if (found?.token == null) return null
    return clientOf({ token: found.token, version: found.version }, openGate, (url, init) => fetch(url, init))
  }

  const take = (step: Step, run: string, ports: Partial<DyingPorts> = {}) => {
    const mine: SecretsManagerClient = ports.secrets ?? clients.secrets
    return takeStep({ step, run }, rotationOf(ports), createVersions(mine, name))
  }
  return {
    ...{ stage, verifier, name, first, versions, slept, meanwhile, holding, take },
    /** As the CLI does it. */
    bring: (token: string, more: Partial<TokenSecret> = {}) =>
      versions.put(JSON.stringify({ v: 1, token, since: clock.now(), ...more }), [CANDIDATE]),
    /** RotateSecret, as far as the service itself goes: an empty version with AWSPENDING. Its id. */
    async start(): Promise<string> {
      const { VersionId = '' } = await clients.secrets.send(
        new RotateSecretCommand({ SecretId: name, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:1:function:rotate' }),
      )
      return VersionId
    },
    async takeAll(run: string, ports: Partial<DyingPorts> = {}) {
      for (const step of STEPS) await take(step, run, ports)
    },
    /** The guard with the token in force, and with the one before it. */
    async guard(change: Partial<GuardServices> = {}) {
      const stored = await clientHolding(CURRENT)
      if (stored === null) throw new Error('there is no token in force')
      const formerClickUp = () => clientHolding(PREVIOUS)
      const services = { ...stage.services(), clickup: stored, formerClickUp, ...change }
      return runGuard({ reason: 'schedule' }, services)
    },
    async labels() {
      const { labels } = await versions.describe()
      return {
        current: holderOf(labels, CURRENT),
        pending: holderOf(labels, PENDING),
        candidate: holderOf(labels, CANDIDATE),
      }
    },
    /** The gate of another process. */
    gate: () => gateOf(clients.dynamo),
    report: () => loadReport(state, connection, 'token'),
    record: () => loadConnection(state, connection),
  }
}
export type TokenRotating = Awaited<ReturnType<typeof makeTokenRotating>>

/** The guard's function as its environment wires it, on the stage's clock. */
export function guardFunction(
  { gateway, clickup, clients }: Parts,
  { stage, state, apiUrl, clock }: Stage,
  { names = ['main'], ...over }: { names?: string[] } & Partial<WorkerPlatform> = {},
) {
  const connections = names.map((name) => ({ name, filter: {}, storeComments: false, storeEmails: false }))
  const { dynamo, sqs, secrets } = clients
  const nobody = () => undefined
  return buildGuard(
    {
      [ENV.stage]: stage,
      [ENV.connections]: JSON.stringify(connections),
      [ENV.stateTable]: state.table,
      [ENV.apiUrl]: apiUrl,
      [ENV.guardQueueUrl]: `${gateway.url}/1/guard`,
      [ENV.jobsQueueUrl]: `${gateway.url}/1/jobs`,
      [ENV.clickupApiUrl]: clickup.url,
    },
    {
      ...workerPlatform('guard', stage),
      ...{ dynamo, sqs, secrets, clock, sleep: async () => undefined },
      log: { info: nobody, warn: nobody, error: nobody },
      ...over,
    },
  )
}

/** Whether what a call leaves behind is what the one before it has left: it only looks, or writes what no step reads. */
const leavesNothing = (command: object) =>
  /^(Get|Describe|List|Query)/.test(command.constructor.name) || JSON.stringify(command).includes('#rotation-token"')

/** Ports that note which of their calls, by number, change something; reports aside. */
export function watched({ dynamo, secrets }: Omit<DyingPorts, 'fetch'>): { ports: DyingPorts; effects: number[] } {
  const effects: number[] = []
  let calls = 0
  const note = (changes: boolean) => {
    calls += 1
    if (changes) effects.push(calls)
  }
  const watching = <Client extends object>(client: Client): Client =>
    new Proxy(client, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key !== 'send' || typeof value !== 'function') return value
        return (command: object, ...rest: unknown[]) => {
          note(!leavesNothing(command))
          return Reflect.apply(value, target, [command, ...rest])
        }
      },
    })
  const send: Fetch = (url, init) => {
    note(init.method !== 'GET')
    return fetch(url, init)
  }
  return { ports: { dynamo: watching(dynamo), secrets: watching(secrets), fetch: send }, effects }
}
