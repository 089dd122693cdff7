import { randomUUID } from 'node:crypto'
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { type ClickUp, createClickUp, segment } from '../core/clickup/client.ts'
import { saveConnection } from '../core/clickup/connection-record.ts'
import { createClickUpGate } from '../core/clickup/gate.ts'
import { callsPerMinuteOf, planAnswer } from '../core/clickup/plan.ts'
import { idSchema } from '../core/clickup/scalars.ts'
import { systemClock } from '../core/platform/clock.ts'
import type { Slot } from '../core/platform/connections.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../core/platform/names.ts'
import { parseSigningSecret } from '../core/secrets/signing.ts'
import type { Answer } from '../core/upstream/fault.ts'

export type ConnectOptions = {
  stage: string
  connection: string
  slot: Slot
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
  webhookId: string
  signingSecret: string
  /** Deletes the webhook, so that ClickUp does not go on calling an address where nobody is. */
  disconnect(): Promise<void>
}

/** A webhook that stands in the way, a token that is refused: one sentence for whoever runs this. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
}

const userAnswer = z.looseObject({ user: z.looseObject({ id: idSchema, username: z.string().nullish() }) })
const teamsAnswer = z.looseObject({ teams: z.array(z.looseObject({ id: idSchema, name: z.string() })) })
const webhookSchema = z.looseObject({ id: z.string(), endpoint: z.string(), secret: z.string().min(1) })
const webhooksAnswer = z.looseObject({ webhooks: z.array(webhookSchema) })
const webhookAnswer = z.looseObject({ id: z.string(), webhook: webhookSchema })

/**
 * Makes a connection: the token and the signing secret in their secrets, the record in the state table, and one webhook
 * for every event of the workspace.
 * @throws ConnectError
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { stage, connection, slot, secrets, state } = options
  const clickup = clientOf(options)
  const { user } = value(await clickup.get('/user', userAnswer), 'who the token belongs to')
  const { teams } = value(await clickup.get('/team', teamsAnswer), 'the workspaces')
  const [workspace] = teams
  if (workspace === undefined) throw new ConnectError('ClickUp: the token sees no workspace')

  await putSecret(secrets, tokenSecretName(stage, connection), { v: 1, token: options.clickup.token })
  const callsPerMinute = await readLimit(clickup, workspace.id)
  await saveConnection(state, connection, {
    workspaceId: workspace.id,
    userId: user.id,
    ...(callsPerMinute === null ? {} : { callsPerMinute }),
  })

  const endpoint = webhookUrl(options.apiUrl, connection, slot)
  const webhook = await register(clickup, { workspaceId: workspace.id, endpoint })
  // Before the first delivery can come, so that the verifier never caches a slot without its secret.
  await storeSigningSecret(secrets, signingSecretName(stage, connection), slot, webhook)

  return {
    workspace: { id: workspace.id, name: workspace.name },
    user: { id: user.id, name: user.username ?? user.id },
    webhookUrl: endpoint,
    webhookId: webhook.id,
    signingSecret: webhook.secret,
    async disconnect() {
      value(await clickup.send('DELETE', `/webhook/${segment(webhook.id)}`, undefined, z.unknown()), 'the webhook')
    },
  }
}

function clientOf({ clickup, connection, state }: ConnectOptions): ClickUp {
  const services = {
    clock: systemClock,
    random: Math.random,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  // The token is not in its secret yet. A name of its own, so that what was refused in another run says nothing of it.
  const credential = { token: clickup.token, version: randomUUID() }
  return createClickUp({
    ...services,
    baseUrl: clickup.url,
    token: async () => credential,
    fetch: (address, init) => fetch(address, init),
    gate: createClickUpGate({ ...services, state, connection, log: silent }),
    lane: 'control',
  })
}

/** Whoever runs this sees what came of it. */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** The rate limit of the workspace's plan; null when it is not told or none that we know: then headers tell. */
async function readLimit(clickup: ClickUp, workspaceId: string): Promise<number | null> {
  const answer = await clickup.get(`/team/${segment(workspaceId)}/plan`, planAnswer)
  return answer.kind === 'ok' ? callsPerMinuteOf(answer.value.plan_name) : null
}

/**
 * The webhook at this endpoint. What a run that was killed has left behind would be refused as a second one of the same
 * configuration (`OAUTH_171`): at this endpoint it is taken over, at another port of this machine it is deleted.
 */
async function register(clickup: ClickUp, { workspaceId, endpoint }: { workspaceId: string; endpoint: string }) {
  const path = `/team/${segment(workspaceId)}/webhook`
  const { webhooks } = value(await clickup.get(path, webhooksAnswer), 'the webhooks')
  const ours = webhooks.find((webhook) => webhook.endpoint === endpoint)
  if (ours !== undefined) {
    const body = { endpoint, events: '*', status: 'active' }
    return value(await clickup.send('PUT', `/webhook/${segment(ours.id)}`, body, webhookAnswer), 'the webhook').webhook
  }
  for (const stray of webhooks.filter((webhook) => isStray(webhook.endpoint, endpoint))) {
    value(await clickup.send('DELETE', `/webhook/${segment(stray.id)}`, undefined, z.unknown()), 'an old webhook')
  }
  return value(await clickup.send('POST', path, { endpoint, events: ['*'] }, webhookAnswer), 'the webhook').webhook
}

/** The same path on another port of the same loopback host: only an earlier run of this program has made it. */
function isStray(endpoint: string, current: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const [theirs, own] = [new URL(endpoint), new URL(current)]
  return theirs.hostname === '127.0.0.1' && own.hostname === '127.0.0.1' && theirs.pathname === own.pathname
}

async function storeSigningSecret(
  secrets: SecretsManagerClient,
  name: string,
  slot: Slot,
  webhook: z.infer<typeof webhookSchema>,
) {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: name }))
  const { slots } = parseSigningSecret(SecretString)
  const own = { webhookId: webhook.id, secret: webhook.secret, state: 'active' }
  await putSecret(secrets, name, { v: 1, slots: { ...slots, [slot]: own } })
}

async function putSecret(secrets: SecretsManagerClient, name: string, content: unknown): Promise<void> {
  await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(content) }))
}

/** @throws ConnectError that says what was asked for and why there is no answer */
function value<Value>(answer: Answer<Value>, what: string): Value {
  switch (answer.kind) {
    case 'ok':
      return answer.value
    case 'tokenDead':
      throw new ConnectError(`ClickUp refuses the token (${answer.code}) when asked for ${what}`)
    case 'rateLimited':
      throw new ConnectError(`ClickUp's rate limit is used up until ${new Date(answer.until).toISOString()}`)
    case 'gone':
    case 'noAccess':
      throw new ConnectError(`ClickUp does not let the token see ${what}`)
    case 'unavailable':
    case 'invalid':
      throw new ConnectError(`ClickUp did not give ${what}: ${answer.reason}`)
    case 'outOfTime':
      throw new ConnectError(`There was no time left to ask ClickUp for ${what}`)
  }
}
