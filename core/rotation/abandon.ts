import type { Session } from '../guard/state.ts'
import { emptySlot } from './choose-slots.ts'
import type { ReplaceServices } from './replace-services.ts'

type Services = Pick<ReplaceServices, 'api' | 'signing' | 'urls' | 'sendGuard' | 'connection' | 'clock'>

/**
 * Gives a replacement up: the new webhook is taken away while the old one stands. Where it does not, or nothing can be asked,
 * the guard is told to come: it finishes what was begun, or clears it away.
 */
export async function abandon(session: Session, services: Services): Promise<void> {
  const { api, signing, connection, sendGuard, clock } = services
  const { rotation } = session.state
  if (rotation?.phase !== 'making') return
  const listed = await api.list()
  const entry = (await signing.read()).slots[rotation.to]
  // In force already: only what was to be written down after that is missing.
  if (entry?.state !== 'active') {
    const stands =
      listed.kind === 'ok' && (rotation.way === 'beside' || listed.value.some(({ id }) => id === rotation.fromId))
    if (stands && (await emptySlot(rotation.to, listed.value, services)) === null) {
      await session.save({ rotation: null, intent: null })
      return
    }
  }
  await session.save({ rotation: { ...rotation, until: clock.now() } })
  await sendGuard({ job: 'guard', connection, reason: 'mended' })
}
