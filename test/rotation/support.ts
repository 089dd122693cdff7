import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { createClickUp } from '../../core/clickup/client.ts'
import { createWebhooks } from '../../core/clickup/webhooks.ts'
import { waitsOf } from '../../core/guard/make.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { accept } from '../../core/ingest/accept.ts'
import { SIGNATURE_HEADER, sign } from '../../core/ingest/signature.ts'
import type { Slot } from '../../core/platform/connections.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { createReplace } from '../../core/rotation/replace.ts'
import type { ReplaceServices } from '../../core/rotation/replace-services.ts'
import { loadReport } from '../../core/rotation/report.ts'
import { createReporter } from '../../core/rotation/reporter.ts'
import { createSigningRotation } from '../../core/rotation/signing.ts'
import { takeStep } from '../../core/rotation/steps.ts'
import { cached } from '../../core/secrets/cached.ts'
import { parseSigningSecret, SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { CURRENT, createVersions, holderOf, PENDING } from '../../core/secrets/versions.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { MINUTE, makeStage, type Parts, type Stage } from '../guard/support.ts'
import { Died, type DyingPorts } from '../support/dying.ts'
import { openGate } from '../support/gate.ts'

export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const
export type Step = (typeof STEPS)[number]

/** The steps of one process, as far as it lives. */
export async function untilDeath(take: (step: Step) => Promise<void>): Promise<void> {
  for (const step of STEPS) {
    try {
      await take(step)
    } catch (error) {
      if (!(error instanceof Died)) throw error
      return
    }
  }
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A verifier's process: its own cache, the real signing secret, the stage's clock. What it queued is counted. */
export function startVerifier({ clients }: Parts, { stage, clock }: Stage) {
  const read = secretsManagerSource(clients.secrets)
  const fetches: number[] = []
  const secrets = cached(
    async (connection) => {
      fetches.push(clock.now())
      return parseSigningSecret(await read(signingSecretName(stage, connection)))
    },
    { clock, ...SIGNING_CACHE },
  )
  const connection = { name: 'main', filter: {}, storeComments: false, storeEmails: false }
  let queued = 0
  const services = {
    ...{ clock, secrets, connections: new Map([['main', connection]]), log: silent },
    enqueue: async () => {
      queued += 1
    },
    metrics: {
      count: () => undefined,
      milliseconds: () => undefined,
      percent: () => undefined,
      flush: () => undefined,
    },
  }
  async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const [name = '', slot = ''] = new URL(url).pathname.split('/').slice(-2)
    return (await accept({ connection: name, slot, headers, body, isBase64: false }, services)).status
  }
  return {
    post,
    fetches,
    queued: () => queued,
    /** A delivery as ClickUp signs it with that key. */
    deliver: (url: string, secret: string) => {
      const body = JSON.stringify({ event: 'taskUpdated', task_id: 't1', webhook_id: 'w', history_items: [] })
      return post(url, { [SIGNATURE_HEADER]: sign(Buffer.from(body), secret) }, body)
    },
  }
}

/** A stage with an active webhook whose signing secret can be rotated, step by step. */
export async function makeRotating(parts: Parts) {
  for (const webhook of [...parts.clickup.webhooks.all()]) parts.clickup.webhooks.remove(webhook)
  const stage = await makeStage(parts)
  await stage.runToEnd()
  stage.clock.time += 10 * MINUTE
  await stage.run()
  await stage.jobs()
  const verifier = startVerifier(parts, stage)
  const name = signingSecretName(stage.stage, stage.connection)
  const versions = createVersions(parts.clients.secrets, name)
  const slept: number[] = []
  let holders = 0
  /** Called when a step waits: what happens meanwhile. */
  const meanwhile: { act: () => Promise<void> } = { act: async () => undefined }

  function rotation(ports: Partial<DyingPorts> = {}, change: Partial<ReplaceServices> = {}) {
    const { fetch: send = (url, init) => fetch(url, init) } = ports
    const { dynamo = parts.clients.dynamo, secrets = parts.clients.secrets } = ports
    const { clock, connection } = stage
    const state = { ...stage.state, dynamo }
    const sleep = async (ms: number) => {
      slept.push(ms)
      clock.time += ms
      await meanwhile.act()
    }
    const clickup = createClickUp({
      ...{ baseUrl: parts.clickup.url, fetch: send, clock, random: () => 0, gate: openGate, lane: 'control' },
      sleep: async () => undefined,
      token: async () => ({ token: parts.clickup.tokens.service, version: '1' }),
    })
    holders += 1
    const guard = stage.services()
    const replace = createReplace({
      ...{ connection, state, clock, log: guard.log, sendJob: guard.sendJob, sendGuard: guard.sendGuard },
      ...{ userId: stage.userId, formerUserId: stage.userId, urls: { a: stage.url('a'), b: stage.url('b') } },
      signing: createSigningStore(secrets, name, async () => undefined),
      api: createWebhooks(clickup, parts.clickup.workspaceId),
      gaps: createGapStore(state),
      post: verifier.post,
      nonce: () => `nonce ${holders}`,
      holder: `rotation ${holders}`,
      waits: waitsOf(SIGNING_CACHE),
      overlapMs: 60 * MINUTE,
      patience: { sleep, deadline: clock.now() + 14 * MINUTE },
      ...change,
    })
    const mine = createVersions(secrets, name)
    return {
      versions: mine,
      steps: createSigningRotation({
        ...{ versions: mine, replace, report: createReporter(state, connection, 'signing', clock) },
      }),
    }
  }

  return {
    ...{ stage, verifier, versions, slept, meanwhile, rotation },
    /** RotateSecret, as far as the service itself goes: an empty version with AWSPENDING. Its id. */
    async start(): Promise<string> {
      parts.gateway.onInvoke(async () => undefined)
      const { VersionId = '' } = await parts.clients.secrets.send(
        new RotateSecretCommand({ SecretId: name, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:1:function:rotate' }),
      )
      return VersionId
    },
    take: (step: Step, run: string, ports: Partial<DyingPorts> = {}, change: Partial<ReplaceServices> = {}) => {
      const { steps, versions: mine } = rotation(ports, change)
      return takeStep({ step, run }, steps, mine)
    },
    async takeAll(run: string) {
      for (const step of STEPS) await this.take(step, run)
    },
    async labels() {
      const { labels } = await versions.describe()
      return { current: holderOf(labels, CURRENT), pending: holderOf(labels, PENDING) }
    },
    report: () => loadReport(stage.state, stage.connection, 'signing'),
    webhook(slot: Slot) {
      const [webhook] = stage.ours().filter(({ endpoint }) => endpoint === stage.url(slot))
      if (webhook === undefined) throw new Error(`There is no webhook at ${slot}`)
      return webhook
    },
  }
}
export type Rotating = Awaited<ReturnType<typeof makeRotating>>

/** Whether no webhook is there whose secret nobody knows: each is verified where it delivers to, by a verifier that has just begun. */
export async function everyKeyIsKnown(parts: Parts, { stage }: Rotating, webhooks = stage.ours()): Promise<boolean> {
  const slots = await stage.signing()
  const verifier = startVerifier(parts, stage)
  for (const { id, endpoint, secret } of webhooks) {
    const slot = endpoint.endsWith('/a') ? 'a' : 'b'
    if (slots[slot]?.webhookId !== id || slots[slot].secret !== secret) return false
    if ((await verifier.deliver(endpoint, secret)) !== 200) return false
  }
  return true
}
