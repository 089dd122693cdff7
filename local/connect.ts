import { randomUUID } from 'node:crypto'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { readPlan } from '../core/clickup/account.ts'
import { createClickUp } from '../core/clickup/client.ts'
import { saveConnection } from '../core/clickup/connection-record.ts'
import { createClickUpGate } from '../core/clickup/gate.ts'
import { createWebhooks, type Webhook } from '../core/clickup/webhooks.ts'
import { checkToken, leftovers, type Problem, removeWebhooks, storeToken } from '../core/guard/connect.ts'
import { faultText } from '../core/guard/fault-text.ts'
import { type GuardServices, guardOnce } from '../core/guard/guard.ts'
import { WAIT_MS } from '../core/guard/make.ts'
import { createSigningStore } from '../core/guard/signing-store.ts'
import { systemClock } from '../core/platform/clock.ts'
import type { Slot } from '../core/platform/connections.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../core/platform/names.ts'
import type { Fault } from '../core/upstream/fault.ts'

export type ConnectOptions = {
  stage: string
  connection: string
  /** Base of the API that ClickUp is to deliver to. */
  apiUrl: string
  clickup: { url: string; token: string }
  secrets: SecretsManagerClient
  state: { dynamo: DynamoDBDocumentClient; table: string }
}

export type Connected = {
  workspace: { id: string; name: string }
  user: { id: string; name: string }
  webhookUrl: string
  slot: Slot
  webhookId: string
  signingSecret: string
  /** Deletes the webhook, so that ClickUp does not go on calling an address where nobody is. */
  disconnect(): Promise<void>
}

/** A webhook that stands in the way, a token that is refused: one sentence for whoever runs this. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
}

/**
 * Makes a connection without asking anybody: the first workspace that the token sees, all of it, and one webhook, made as
 * `hookline connect` makes it.
 * @throws ConnectError
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { stage, connection, secrets, state } = options
  const services = servicesOf(options)
  const { clickup } = services
  const { user, workspaces } = accepted(await checkToken(clickup))
  const [workspace] = workspaces
  if (workspace === undefined) throw new ConnectError('The token sees no workspace.')

  const webhook = await register(services, { workspaceId: workspace.id, userId: user.id })
  await storeToken(secrets, tokenSecretName(stage, connection), options.clickup.token, services.clock.now())
  const plan = await readPlan(clickup, workspace.id)
  await saveConnection(state, connection, {
    workspaceId: workspace.id,
    workspaceName: workspace.name,
    userId: user.id,
    userName: user.name,
    ...(plan?.callsPerMinute == null ? {} : { callsPerMinute: plan.callsPerMinute }),
    connectedAt: services.clock.now(),
    mode: 'webhook',
  })
  return {
    workspace: { id: workspace.id, name: workspace.name },
    user,
    webhookUrl: webhook.endpoint,
    slot: webhook.endpoint === webhookUrl(options.apiUrl, connection, 'b') ? 'b' : 'a',
    webhookId: webhook.id,
    signingSecret: webhook.secret,
    async disconnect() {
      throwIf(await removeWebhooks(clickup, workspace.id, [webhook]))
    },
  }
}

function servicesOf({ clickup, connection, stage, state, secrets, apiUrl }: ConnectOptions): GuardServices {
  const common = {
    clock: systemClock,
    random: Math.random,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  // The token is not in its secret yet. A name of its own, so that what was refused in another run says nothing of it.
  const credential = { token: clickup.token, version: randomUUID() }
  return {
    connection,
    state,
    apiUrl,
    signing: createSigningStore(secrets, signingSecretName(stage, connection), common.sleep),
    clickup: createClickUp({
      ...common,
      baseUrl: clickup.url,
      token: async () => credential,
      fetch: (address, init) => fetch(address, init),
      gate: createClickUpGate({ ...common, state, connection, log: silent }),
      lane: 'control',
    }),
    // A stack that has begun a moment ago has missed nothing.
    sendJob: async () => undefined,
    clock: systemClock,
    log: silent,
    // No verifier of this stack has been asked for anything yet.
    waitMs: WAIT_MS.none,
    tokenLifeMs: 0,
    holder: randomUUID(),
  }
}

/** Whoever runs this sees what came of it. */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * The webhook at this stack's address. What a run that was killed has left behind would be refused as a second one of the same
 * configuration (`OAUTH_171`): at this address it is taken over, at another port of this machine it is deleted.
 */
async function register(services: GuardServices, whose: { workspaceId: string; userId: string }): Promise<Webhook> {
  const { clickup, connection, apiUrl, signing } = services
  const listed = await createWebhooks(clickup, whose.workspaceId).list()
  if (listed.kind !== 'ok') throw new ConnectError(faultText(listed))
  const { slots } = await signing.read()
  const known = new Set([slots.a?.webhookId, slots.b?.webhookId])
  const strays = leftovers(listed.value, connection, apiUrl).filter(
    ({ id, endpoint }) => !known.has(id) && new URL(endpoint).hostname === '127.0.0.1' && isLocal(apiUrl),
  )
  throwIf(await removeWebhooks(clickup, whose.workspaceId, strays))

  const guarded = await guardOnce(whose, services, 'npm start', { revive: true })
  switch (guarded.kind) {
    case 'well':
      if (guarded.webhook !== null) return guarded.webhook
      throw new ConnectError('ClickUp does not show the webhook that it has made: start again.')
    case 'unhealthy':
      throw new ConnectError(guarded.problems.join(' '))
    case 'unreachable':
      throw new ConnectError(faultText(guarded.fault))
    default:
      throw new ConnectError('Somebody else is at the webhooks of this connection: start again in two minutes.')
  }
}

const isLocal = (url: string) => new URL(url).hostname === '127.0.0.1'

function throwIf(fault: Fault | null): void {
  if (fault !== null) throw new ConnectError(faultText(fault))
}

function accepted<Value>(checked: { kind: 'ok'; value: Value } | Problem): Value {
  if (checked.kind === 'ok') return checked.value
  throw new ConnectError(checked.sentence)
}
