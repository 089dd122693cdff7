import type { Webhook, Webhooks } from '../clickup/webhooks.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SigningStore } from './signing-store.ts'
import type { Session } from './state.ts'

/** A replaced webhook goes on for so long where it is not known how long it was to. */
const OVERLAP_MS = 3_600_000

/** What a deleted webhook had on its way has arrived by then. */
const LAST_MS = 60_000

export type SettleServices = {
  connection: string
  signing: SigningStore
  /** The webhooks by the token that was in use before this one; null where there is none, or it is not to be had here. */
  former: (() => Promise<Webhooks | null>) | null
  /** @default - no time was spent in pauses */
  pausedSince?: (at: number) => number
  clock: Clock
  log: Log
}

/**
 * What becomes of a rotation whose time is over. One that has died while it made a webhook is forgotten: what it has left is then
 * found as anything else is, the old webhook standing or not. Of one that ended well the overlap is over: the old webhook has no
 * protection any more, and one of a former user is deleted here, because it is in no list that we get.
 *
 * @param listed the webhooks of the token's user as just listed
 */
export async function settleRotation(
  session: Session,
  listed: readonly Webhook[],
  services: SettleServices,
): Promise<void> {
  const { connection, signing, former, clock, log, pausedSince = () => 0 } = services
  const { rotation } = session.state
  if (rotation === null) return
  // A step that met a pause is taken again after it. Where there is no webhook meanwhile, nobody waits for that.
  const waits = rotation.phase === 'making' && rotation.way === 'beside'
  if (clock.now() < rotation.until + (waits ? pausedSince(rotation.since) : 0)) return
  const ofOneUser = rotation.userId === rotation.fromUserId
  const isListed = (webhookId: string | null | undefined) => listed.some(({ id }) => id === webhookId)
  if (rotation.phase === 'making') {
    const fresh = (await signing.read()).slots[rotation.to]
    const tookOver = !ofOneUser && isListed(fresh?.webhookId) && !isListed(rotation.fromId)
    if (fresh?.state === 'active' || tookOver) {
      // It died after the promotion, of the secret or of the token, and before the note of it.
      await session.save({ rotation: { ...rotation, phase: 'over', until: clock.now() + OVERLAP_MS }, intent: null })
      return
    }
    log.warn('A rotation has died, and is given up', { connection, run: rotation.run, way: rotation.way })
    // Without the old webhook the new one is gone on with; beside it, the new one is one too many.
    await session.save({ rotation: null, ...(rotation.way === 'beside' ? { intent: null } : {}) })
    return
  }
  if (!ofOneUser) {
    // Whoever has not the former token leaves it to the guard's function, which has.
    if (former === null) return
    const ended = await removeFormer(rotation.fromId, await former())
    const fields = { connection, webhookId: rotation.fromId }
    if (ended === 'later') {
      log.warn('The webhook of the former user is still to be deleted: ClickUp gave no answer', fields)
      return
    }
    if (ended === 'deleted') log.info('The webhook of the former user was deleted', fields)
    else log.warn('The webhook of the former user could not be deleted: delete it in ClickUp, as that user', fields)
    // What it still had on its way is verified until then, as with one of our own.
    await session.save({ rotation: { ...rotation, fromUserId: rotation.userId, until: clock.now() + LAST_MS } })
    return
  }
  await session.save({ rotation: null })
}

/**
 * Deletes a webhook by the former token. Listed first: to an id of somebody else's, ClickUp answers as to one that is gone, and
 * the token before this one need not be the former user's any more.
 */
export async function removeFormer(id: string, api: Webhooks | null): Promise<'deleted' | 'refused' | 'later'> {
  if (api === null) return 'refused'
  const listed = await api.list()
  if (listed.kind !== 'ok') return passes(listed) ? 'later' : 'refused'
  if (!listed.value.some((webhook) => webhook.id === id)) return 'refused'
  const removed = await api.remove(id)
  if (removed.kind === 'ok') return 'deleted'
  return passes(removed) ? 'later' : 'refused'
}

const passes = ({ kind }: Fault) => kind === 'unavailable' || kind === 'rateLimited' || kind === 'outOfTime'
