import type { Webhook } from '../clickup/webhooks.ts'
import { openGaps } from '../guard/breaches.ts'
import type { Session, WebhookRotation } from '../guard/state.ts'
import { abandon } from './abandon.ts'
import { intentFor, livesUntil } from './open.ts'
import { type Failed, failed } from './outcomes.ts'
import type { ReplaceServices } from './replace-services.ts'

/** ClickUp refuses a second one: if the one that is in the way is ours alone, it goes first. */
export async function deleteFirst(
  session: Session,
  rotation: WebhookRotation,
  inTheWay: readonly Webhook[],
  services: ReplaceServices,
): Promise<Failed | null> {
  const { connection, gaps, clock, log } = services
  // One for a space, folder, list or task is of another place, and stood beside ours until now.
  const others = inTheWay.filter(({ id, whole }) => whole && id !== rotation.fromId)
  if (rotation.way === 'instead' || rotation.fromUserId !== services.userId || others.length > 0) {
    await abandon(session, services)
    return failed('ClickUp refuses a second webhook of this user (OAUTH_171), and one that is not ours is in the way.')
  }
  const what = 'ClickUp refuses a second webhook, so there was none while its secret was rotated'
  await openGaps([{ cause: 'rotation', what, givenUp: null }], clock.now(), { gaps, connection, clock })
  const next: WebhookRotation = { ...rotation, way: 'instead', until: livesUntil('instead', services) }
  await session.save({ rotation: next, intent: intentFor(rotation.to, rotation.fromId, services) })
  log.warn('ClickUp refuses a second webhook: the old one is deleted first', { connection, slot: rotation.from })
  return null
}

/**
 * The old one was well when it began. If it is not any more, nobody else would tell: the guard leaves a missing one to the
 * rotation, and finds all well afterwards. It closes the gap then, and has it swept.
 */
export async function noteLoss(
  session: Session,
  rotation: WebhookRotation,
  listed: readonly Webhook[],
  { connection, gaps, clock, userId }: ReplaceServices,
): Promise<void> {
  // Another user's is not listed here.
  if (rotation.way !== 'beside' || rotation.fromUserId !== userId) return
  const old = listed.find(({ id }) => id === rotation.fromId)
  const cause = old === undefined ? 'missing' : old.status === 'suspended' ? 'suspended' : null
  const what = `The webhook was ${cause} while it was being replaced`
  await openGaps([{ cause, what, givenUp: old?.failCount ?? null }], session.state.goodAt, {
    gaps,
    connection,
    clock,
  })
}
