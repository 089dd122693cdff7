import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type Account, readAccount, type Workspace } from '../clickup/account.ts'
import type { ClickUp } from '../clickup/client.ts'
import { listPlaces, listSpaces } from '../clickup/places-of-space.ts'
import { createWebhooks, type Webhook } from '../clickup/webhooks.ts'
import type { Slot } from '../platform/connections.ts'
import { webhookUrl } from '../platform/names.ts'
import { secretsManagerSource, versionedSecrets } from '../secrets/store.ts'
import { parseTokenSecret } from '../secrets/token.ts'
import { replaceCurrent } from '../secrets/versions.ts'
import type { Fault } from '../upstream/fault.ts'
import { faultText } from './fault-text.ts'

type Reader = Pick<ClickUp, 'get'>

/** What keeps a connection from being made: one sentence for an operator, with what to do. */
export type Problem = { kind: 'problem'; sentence: string }
type Checked<Value> = { kind: 'ok'; value: Value } | Problem

const problem = (sentence: string): Problem => ({ kind: 'problem', sentence })
const ok = <Value>(value: Value): Checked<Value> => ({ kind: 'ok', value })

/** Whom the token belongs to; a problem where it sees no workspace. */
export async function checkToken(clickup: Reader): Promise<Checked<Account>> {
  const answer = await readAccount(clickup)
  if (answer.kind !== 'ok') return problem(faultText(answer))
  const { user, workspaces } = answer.value
  if (workspaces.length > 0) return ok(answer.value)
  return problem(
    `The token of ${user.name} sees no workspace: invite that user to yours in ClickUp, then connect again.`,
  )
}

/** The workspace by id or name; without one, the only one. */
export function chooseWorkspace({ user, workspaces }: Account, wanted: string | undefined): Checked<Workspace> {
  const [first, ...others] = workspaces
  const seen = namesOf(workspaces)
  if (wanted !== undefined) {
    const found = match(workspaces, wanted)
    return found === undefined
      ? problem(`The token of ${user.name} sees no workspace ${wanted}: it sees ${seen}.`)
      : ok(found)
  }
  if (first !== undefined && others.length === 0) return ok(first)
  return problem(`The token of ${user.name} sees several workspaces: name one with --workspace: ${seen}.`)
}

const ROLES: Readonly<Record<number, string>> = { 1: 'owner', 2: 'admin', 3: 'member', 4: 'guest' }

/** What will not work with this user's token, one sentence each. */
export function warningsOf({ user }: Account, { role, name }: Workspace): string[] {
  const owner = `The token is ${user.name}'s: changes by that user count as Hookline's own, and the webhook dies with the account. Use a service account where you can.`
  if (role === null || role <= 2) return [owner]
  const roleName = ROLES[role] ?? `role ${role}`
  return [
    owner,
    `${user.name} is a ${roleName} of ${name}: only an owner or admin sees all spaces and everybody's time.`,
  ]
}

/** What was chosen of a workspace; ids. All where absent. */
export type Selection = { spaces?: string[]; folders?: string[] }

/** Finds spaces and folders by id or name. Folders are looked for in the spaces that were named, or in all. */
export async function choosePlaces(
  clickup: Reader,
  workspaceId: string,
  wanted: { spaces: readonly string[]; folders: readonly string[] },
): Promise<Checked<Selection | undefined>> {
  if (wanted.spaces.length === 0 && wanted.folders.length === 0) return ok(undefined)
  const spaces = await listSpaces(clickup, workspaceId, false)
  if (spaces.kind !== 'ok') return problem(faultText(spaces))
  const chosen = findAll(spaces.value, wanted.spaces, 'space')
  if (chosen.kind === 'problem') return chosen
  if (wanted.folders.length === 0) return ok({ spaces: chosen.value })
  const folders: { id: string; name: string }[] = []
  for (const { id } of spaces.value) {
    if (chosen.value.length > 0 && !chosen.value.includes(id)) continue
    const places = await listPlaces(clickup, id, false)
    if (places.kind !== 'ok') return problem(faultText(places))
    folders.push(...places.value.folders)
  }
  const found = findAll(folders, wanted.folders, 'folder')
  if (found.kind === 'problem') return found
  return ok({ ...(chosen.value.length > 0 ? { spaces: chosen.value } : {}), folders: found.value })
}

type Named = { id: string; name: string }

function findAll(places: readonly Named[], wanted: readonly string[], what: string): Checked<string[]> {
  const ids: string[] = []
  for (const one of wanted) {
    const found = match(places, one)
    if (found === undefined) {
      const seen = places.length === 0 ? 'none at all' : namesOf(places)
      return problem(`The token sees no ${what} ${one}: it sees ${seen}.`)
    }
    if (!ids.includes(found.id)) ids.push(found.id)
  }
  return ok(ids)
}

const match = <Place extends Named>(places: readonly Place[], wanted: string): Place | undefined =>
  places.find(({ id }) => id === wanted) ??
  places.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase())

const MOST_NAMES = 12
const namesOf = (places: readonly Named[]) => {
  const shown = places.slice(0, MOST_NAMES).map(({ id, name }) => `${name} (${id})`)
  return [...shown, ...(places.length > MOST_NAMES ? [`${places.length - MOST_NAMES} more`] : [])].join(', ')
}

/**
 * Stores the token as a new version of its secret, if it is another one.
 * @param since when it was brought, ms since 1970
 */
export async function storeToken(
  client: SecretsManagerClient,
  name: string,
  token: string,
  since: number,
): Promise<'stored' | 'kept'> {
  const before = await versionedSecrets(client)(name)
  if (parseTokenSecret(before.text).token === token) return 'kept'
  await replaceCurrent(client, name, JSON.stringify({ v: 1, token, since }), before)
  return 'stored'
}

/** The token in force, null before the first. */
export async function storedToken(client: SecretsManagerClient, name: string): Promise<string | null> {
  return parseTokenSecret(await secretsManagerSource(client)(name)).token
}

/** Webhooks at our own path on another host: what an earlier deployment of ours has left behind, as far as can be told. */
export function leftovers(webhooks: readonly Webhook[], connection: string, apiUrl: string): Webhook[] {
  const ours = (['a', 'b'] as const).map((slot: Slot) => webhookUrl(apiUrl, connection, slot))
  const paths = new Set((['a', 'b'] as const).map((slot) => webhookUrl('', connection, slot)))
  return webhooks.filter(({ endpoint }) => {
    if (ours.includes(endpoint) || !URL.canParse(endpoint)) return false
    return [...paths].some((path) => new URL(endpoint).pathname.endsWith(path))
  })
}

/** Deletes webhooks one by one. */
export async function removeWebhooks(
  clickup: Pick<ClickUp, 'get' | 'send'>,
  workspaceId: string,
  webhooks: readonly Webhook[],
): Promise<Fault | null> {
  const api = createWebhooks(clickup, workspaceId)
  for (const { id } of webhooks) {
    const removed = await api.remove(id)
    if (removed.kind !== 'ok') return removed
  }
  return null
}
