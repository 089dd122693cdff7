import { type ConnectionRecord, saveConnection } from '../../core/clickup/connection-record.ts'
import type { Webhook } from '../../core/clickup/webhooks.ts'
import { storeToken } from '../../core/guard/connect.ts'
import { disconnect } from '../../core/guard/remove.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { Failure } from '../failure.ts'
import { Interrupted } from '../input.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import type { ConnectOptions } from './connect-options.ts'
import { connectionOf, type Doing, type Examined, examine } from './examine.ts'
import { awaitDelivery } from './first-delivery.ts'
import { readHistory } from './history.ts'
import { beginWebhook, finishWebhook, removeFormer } from './register.ts'
import { guardServices } from './services.ts'

/** Makes a connection, or mends it: everything is looked at before anything is changed. @throws Failure */
export async function connect(io: Io, target: Target, options: ConnectOptions): Promise<void> {
  const connection = connectionOf(target, options.connection)
  const home = await target.home()
  const done: string[] = []
  const ended = () => {
    io.progress?.(null)
    const soFar = done.length === 0 ? 'nothing was changed' : `done so far: ${done.join(', ')}`
    io.note(`Ended: ${soFar}. Run it again to go on.`)
  }
  const calledOff = io.onInterrupt?.(ended)
  const say = (line: string) => {
    io.progress?.(null)
    io.note(plain(line))
  }
  try {
    const examined = await examine({ io, target, home, connection, options, say })
    const result = await carryOut(examined, { io, target, home, connection, options, say, done })
    if (options.json) writeJson(io, { target: target.label, connection, ...result })
    else io.write(`${result.connected}\n`)
  } catch (error) {
    if (error instanceof Interrupted) ended()
    throw error
  } finally {
    calledOff?.()
  }
}

async function carryOut(examined: Examined, doing: Doing & { done: string[] }) {
  const { io, target, home, connection, options, say, done } = doing
  const { before, stored, token, services, account, workspace, warnings, plan, selection } = examined
  const state = { dynamo: target.dynamo, table: target.tables.state }
  const since = io.now()
  const mode = options.pollOnly ? 'poll' : 'webhook'
  const whose = { workspaceId: workspace.id, userId: account.user.id }
  const registering = { io, services, whose, replace: options.replace, yes: options.yes }

  // First, because it is here that ClickUp may say no: until then nothing is stored.
  const begun = mode === 'webhook' ? await beginWebhook(registering) : await withoutWebhook(services)
  const mended = begun?.mended ?? []
  for (const sentence of mended) say(`${sentence}.`)
  if (begun !== null && mended.length > 0)
    done.push(begun.kind === 'well' ? 'the webhook was mended' : 'the webhook was begun')
  const kept = await storeToken(target.secrets, tokenSecretName(home.stage, connection), token, io.now())
  if (kept === 'stored') done.push('the token is stored')
  const record: ConnectionRecord = {
    workspaceId: workspace.id,
    workspaceName: workspace.name,
    userId: account.user.id,
    userName: account.user.name,
    ...(plan?.callsPerMinute == null ? {} : { callsPerMinute: plan.callsPerMinute }),
    connectedAt: before?.connectedAt ?? io.now(),
    mode,
    ...(selection === undefined ? {} : { selection }),
  }
  if (!sameRecord(before, record)) {
    await saveConnection(state, connection, record)
    done.push('the connection is written down')
  }

  let webhook: Webhook | null = null
  if (mode === 'webhook') {
    webhook = await finishWebhook(registering)
    done.push('the webhook is active')
    say(`The webhook is active: ${webhook.endpoint}`)
    await retireFormer(examined, doing, webhook)
  } else
    say(
      'There is no webhook: changes come with the sweep, up to 15 minutes late, and what happened in between as its sum.',
    )

  const history = await readHistory(examined, doing)
  const first =
    mode === 'webhook' && options.wait
      ? await awaitDelivery(io, { readLog: target.readLog, stage: home.stage, connection, since })
      : null
  return {
    connected: plain(sentenceOf(mode, workspace.name, first)),
    mode,
    user: account.user,
    workspace: { id: workspace.id, name: workspace.name },
    plan: plan?.name ?? null,
    selection: selection ?? null,
    token: stored === token ? 'kept' : 'stored',
    webhook: webhook === null ? null : { id: webhook.id, endpoint: webhook.endpoint },
    mended,
    warnings,
    backfill: history,
    firstDelivery: first,
  }
}

function sentenceOf(mode: 'webhook' | 'poll', workspace: string, first: { at: number | null } | null): string {
  if (mode === 'poll') return `connected: ${workspace}, by polling`
  if (first === null || first.at !== null) return `connected: ${workspace}`
  return `connected: ${workspace}; no delivery came in the last minute, which may be because nothing changed (npx hookline status)`
}

const sameRecord = (before: ConnectionRecord | null, record: ConnectionRecord) =>
  before !== null && canonicalOf(before) === canonicalOf(record)
const canonicalOf = (record: ConnectionRecord) =>
  JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Polling needs none: what there was is deleted. */
async function withoutWebhook(services: Examined['services']): Promise<null> {
  const removed = await disconnect(services)
  if (removed.kind === 'removed') return null
  throw new Failure(
    removed.kind === 'busy'
      ? `Somebody is at the webhooks (${removed.what}): try again in two minutes.`
      : 'ClickUp gave no answer when the webhook was to be deleted: try again in a few minutes.',
  )
}

/** A webhook that another user's token has made is not seen with this one, and would go on beside it. */
async function retireFormer(
  { before, stored, account, workspace }: Examined,
  doing: Doing,
  { id }: Webhook,
): Promise<void> {
  if (before === null || stored === null || before.userId === account.user.id) return
  const { io, target, home, connection } = doing
  const former = guardServices({ io, target, home, connection }, stored)
  if (await removeFormer(former, workspace.id, id)) return
  doing.say(
    `The former token serves no more, so a webhook of ${before.userName ?? before.userId} may go on beside this one: delete it in ClickUp.`,
  )
}
