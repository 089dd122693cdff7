import { createWebhooks, type Webhook } from '../../core/clickup/webhooks.ts'
import { leftovers, removeWebhooks } from '../../core/guard/connect.ts'
import { faultText } from '../../core/guard/fault-text.ts'
import { type Guarded, type GuardServices, guardOnce, type Whose } from '../../core/guard/guard.ts'
import { LOCK_MS } from '../../core/guard/state.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { counted } from '../output/notes.ts'
import { plain } from '../output/text.ts'
import { confirm, personOf } from './ask.ts'

const SECOND = 1_000

type Registering = { io: Io; services: GuardServices; whose: Whose; replace: boolean; yes: boolean }

/**
 * Begins to make a webhook, or mends what is wrong with the one there is. What ClickUp will not have is said before anything
 * else is changed.
 * @throws Failure
 */
export async function beginWebhook(registering: Registering): Promise<Extract<Guarded, { kind: 'well' | 'waiting' }>> {
  const { io, services, whose, replace, yes } = registering
  for (let replaced = false; ; replaced = true) {
    const guarded = await patiently(registering)
    if (guarded.kind === 'well' || guarded.kind === 'waiting') return guarded
    if (guarded.kind === 'unreachable') throw new Failure(faultText(guarded.fault))
    if (guarded.refused !== null) {
      throw new Failure(
        `ClickUp refuses to make a webhook: ${guarded.refused}. Use the token of an owner or admin, or connect with --poll-only.`,
      )
    }
    if (guarded.inTheWay.length === 0) throw new Failure(guarded.problems.join(' '))
    const ours = leftovers(guarded.inTheWay, services.connection, services.apiUrl)
    const at = guarded.inTheWay.map(({ endpoint }) => plain(endpoint)).join(', ')
    if (ours.length === 0 || replaced) {
      throw new Failure(
        `ClickUp refuses a second webhook of this user (OAUTH_171), and there is one at ${at}: use the token of another user, or delete that webhook.`,
      )
    }
    const places = ours.map(({ endpoint }) => plain(endpoint)).join(', ')
    const said = `ClickUp refuses a second webhook of this user (OAUTH_171), and there is one of another Hookline at ${places}`
    const person = personOf(io, { yes })
    const agreed = replace || (person !== null && (await confirm(io, { yes }, `${said}. Delete it?`)))
    if (!agreed) throw new Failure(`${said}: if it is a leftover, delete it with --replace.`)
    const fault = await removeWebhooks(services.clickup, whose.workspaceId, ours)
    if (fault !== null) throw new Failure(faultText(fault))
    io.note(`Deleted ${counted(ours.length, 'webhook')} at ${places}.`)
  }
}

/** Goes on until the webhook hears of everything. The guard goes on with it, too, if this command is ended. */
export async function finishWebhook(registering: Registering): Promise<Webhook> {
  const { io } = registering
  for (;;) {
    const guarded = await beginWebhook(registering)
    if (guarded.kind === 'waiting') {
      await waitUntil(io, guarded.until, 'until the key of the new webhook is known everywhere')
    } else {
      if (guarded.webhook !== null) return guarded.webhook
      throw new Failure('ClickUp does not show the webhook that it has made: run this again.')
    }
  }
}

/** Waits while somebody else has the lock, which is over soon. */
async function patiently({ io, services, whose }: Registering) {
  const giveUpAt = io.now() + 2 * LOCK_MS
  let told = false
  for (;;) {
    const guarded = await guardOnce(whose, services, 'hookline connect', { revive: true })
    if (guarded.kind !== 'busy' && guarded.kind !== 'nothing') return guarded
    if (io.now() > giveUpAt)
      throw new Failure('Somebody else is at the webhooks all the time: try again in a few minutes.')
    if (guarded.kind === 'busy' && !told) io.note(`Waiting for ${guarded.what}, which is at the webhooks ...`)
    told = true
    await sleepOf(io)(2 * SECOND)
  }
}

async function waitUntil(io: Io, until: number, why: string): Promise<void> {
  if (io.progress === undefined) io.note(`Waiting ${Math.ceil((until - io.now()) / SECOND)}s ${why} ...`)
  for (;;) {
    const left = until - io.now()
    if (left <= 0) break
    io.progress?.(`Waiting ${Math.ceil(left / SECOND)}s ${why} ...`)
    await sleepOf(io)(Math.min(SECOND, left))
  }
  io.progress?.(null)
}

/** Deletes what another user's token has made for this connection; false where that token does not serve any more. */
export async function removeFormer(former: GuardServices, workspaceId: string, keep: string): Promise<boolean> {
  const { clickup, apiUrl, connection } = former
  const listed = await createWebhooks(clickup, workspaceId).list()
  if (listed.kind !== 'ok') return false
  const own = listed.value.filter(
    ({ id, endpoint }) =>
      id !== keep && endpoint.startsWith(`${apiUrl.replace(/\/+$/, '')}/webhooks/clickup/${connection}/`),
  )
  return (await removeWebhooks(clickup, workspaceId, own)) === null
}
