import { readPlan } from '../../core/clickup/account.ts'
import { type ConnectionRecord, loadConnection } from '../../core/clickup/connection-record.ts'
import { checkToken, storedToken, warningsOf } from '../../core/guard/connect.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Home, Target } from '../target.ts'
import { askPlaces, askToken, askWorkspace, type Choice, right } from './ask.ts'
import type { ConnectOptions } from './connect-options.ts'
import { guardServices } from './services.ts'

/** The connection by name, or the only one. */
export function connectionOf({ connections, label }: Target, wanted: string | undefined): string {
  const [only, ...others] = connections
  const names = connections.join(', ')
  if (wanted === undefined && only !== undefined && others.length === 0) return only
  if (wanted === undefined) throw new Failure(`There are several connections: name one with --connection: ${names}.`)
  if (connections.includes(wanted)) return wanted
  throw new Failure(
    `There is no connection ${wanted} in ${label}: there is ${names}. Add it to hookline.config.ts and deploy.`,
  )
}

/** One run of the command. */
export type Doing = {
  io: Io
  target: Target
  home: Home
  connection: string
  options: ConnectOptions
  say(line: string): void
}

export type Examined = Awaited<ReturnType<typeof examine>>

/** Who it is, what is to be connected, and what is there already; changes nothing. */
export async function examine({ io, target, home, connection, options, say }: Doing) {
  const { space: spaces, folder: folders } = options
  const choice: Choice = { ...options, spaces, folders }
  const state = { dynamo: target.dynamo, table: target.tables.state }
  const before = await loadConnection(state, connection).catch(() => null)
  const stored = await storedToken(target.secrets, tokenSecretName(home.stage, connection))
  const token = await askToken(io, choice, stored)
  const services = guardServices({ io, target, home, connection }, token)
  const account = right(await checkToken(services.clickup))
  say(`The token is ${account.user.name}'s (${account.user.id}).`)
  for (const { id, name, members } of account.workspaces)
    say(`It sees the workspace ${name} (${id}), ${members} members.`)
  const workspace = await askWorkspace(io, choice, account, before?.workspaceId ?? null)
  if (before !== null && before.workspaceId !== workspace.id) {
    throw new Failure(
      `The connection ${connection} is that of the workspace ${before.workspaceName ?? before.workspaceId}: run npx hookline disconnect first.`,
    )
  }
  const warnings = warningsOf(account, workspace)
  for (const warning of warnings) say(warning)
  const plan = await readPlan(services.clickup, workspace.id)
  say(plan === null ? 'ClickUp does not tell the plan: its headers will tell the rate limit.' : `Plan ${plan.name}.`)
  const known = before === null ? null : { selection: selectionOf(before) }
  const selection = await askPlaces(io, choice, services.clickup, { workspaceId: workspace.id, known })
  return { before, stored, token, services, account, workspace, warnings, plan, selection }
}

function selectionOf({ selection }: ConnectionRecord) {
  if (selection === undefined) return undefined
  const { spaces, folders } = selection
  return { ...(spaces === undefined ? {} : { spaces }), ...(folders === undefined ? {} : { folders }) }
}
