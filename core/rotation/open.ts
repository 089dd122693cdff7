import type { Webhook } from '../clickup/webhooks.ts'
import type { Intent, Session, WebhookRotation } from '../guard/state.ts'
import type { Slot } from '../platform/connections.ts'
import { chooseSlots, emptySlot } from './choose-slots.ts'
import { type Again, again, type Failed } from './outcomes.ts'
import type { ReplaceServices } from './replace-services.ts'

/** An invocation lives for 15 minutes, so within 20 whoever is at it has written again. */
const MAKING_MS = 20 * 60_000
/** While there is no webhook at all, the guard must not wait that long for one who has died. */
const INSTEAD_MS = 3 * 60_000

/** Until when the guard takes whoever replaces a webhook for alive. */
export const livesUntil = (way: WebhookRotation['way'], { clock }: Pick<ReplaceServices, 'clock'>) =>
  clock.now() + (way === 'beside' ? MAKING_MS : INSTEAD_MS)

/** A webhook to be made; `replaces` is deleted first. */
export const intentFor = (
  slot: Slot,
  replaces: string | null,
  { clock, userId }: Pick<ReplaceServices, 'clock' | 'userId'>,
): Intent => ({ ...{ slot, since: clock.now(), userId, cause: null, replaces, webhookId: null, readyAt: null } })

/** Starts, goes on with what a crash has left, or takes over what another run of the same maker has left. */
export async function open(
  session: Session,
  run: string,
  listed: readonly Webhook[],
  services: ReplaceServices,
): Promise<WebhookRotation | Failed | Again> {
  const { api, signing, clock } = services
  const { rotation, intent } = session.state
  const making = rotation?.phase === 'making' ? rotation : null
  if (making !== null) {
    const isOurs =
      making.fromUserId === services.formerUserId && (intent?.userId ?? services.userId) === services.userId
    if (!isOurs) return { kind: 'again', reason: 'Another rotation is under way.' }
    const next = { ...making, run, until: livesUntil(making.way, services) }
    const replaces = making.way === 'instead' ? making.fromId : null
    await session.save({
      rotation: next,
      ...(intent === null ? { intent: intentFor(next.to, replaces, services) } : {}),
    })
    return next
  }
  const slots = chooseSlots({ ...services, state: session.state, signing: await signing.read(), listed })
  if (slots.kind !== 'slots') return slots
  const { from, fromId, to } = slots
  const left = (await signing.read()).slots[to]
  const leaving = left?.state === 'retiring' && listed.find(({ id }) => id === left.webhookId)
  if (leaving) {
    const removed = await api.remove(leaving.id)
    // As the guard does it: its key is thrown away a round later, when what it had on its way has been verified.
    return removed.kind === 'ok'
      ? { kind: 'again', reason: 'The webhook before the last is being deleted.' }
      : again(removed)
  }
  const fault = await emptySlot(to, listed, services)
  if (fault !== null) return again(fault)
  const { formerUserId: fromUserId } = services
  const common = { run, since: clock.now(), ...{ from, fromId, fromUserId, to, userId: services.userId } }
  const next: WebhookRotation = { ...common, way: 'beside', phase: 'making', until: livesUntil('beside', services) }
  await session.save({ rotation: next, intent: intentFor(to, null, services) })
  return next
}
