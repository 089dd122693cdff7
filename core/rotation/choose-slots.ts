import type { Webhook } from '../clickup/webhooks.ts'
import type { WebhooksState } from '../guard/state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Slot } from '../platform/connections.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import type { ReplaceServices } from './replace-services.ts'

type Facts = {
  state: WebhooksState
  signing: SigningSecret
  listed: readonly Webhook[]
  /** Whose token lists, and whose webhook is replaced. */
  userId: string
  formerUserId: string
  clock: Clock
}

export type Chosen =
  | { kind: 'slots'; from: Slot; fromId: string; to: Slot }
  /** There is nothing that can be replaced now. */
  | { kind: 'failed'; reason: string }
  /** It can be in a moment. */
  | { kind: 'again'; reason: string }

const GUARD_MENDS = 'The guard mends it within minutes: look at npx hookline status, then rotate again.'

/** It comes every five minutes, deletes in one round and forgets in the next. */
const GUARD_CLEARS_MS = 11 * 60_000

/** Which webhook gives way, and which slot the new one gets. Only one that is well gives way: else both could be lost. */
export function chooseSlots({ state, signing, listed, userId, formerUserId, clock }: Facts): Chosen {
  const { rotation, intent } = state
  if (rotation?.phase === 'over' && clock.now() < rotation.until) {
    const until = new Date(rotation.until).toISOString()
    return failed(`The webhook that was replaced last goes on until ${until}: rotate again after that.`)
  }
  if (intent !== null) return { kind: 'again', reason: `The guard is making a webhook. ${GUARD_MENDS}` }
  const from = (['a', 'b'] as const).find((slot) => signing.slots[slot]?.state === 'active')
  const fromId = from === undefined ? null : (signing.slots[from]?.webhookId ?? null)
  if (from === undefined || fromId === null)
    return failed(`There is no webhook yet that could be replaced. ${GUARD_MENDS}`)
  const to = from === 'a' ? 'b' : 'a'
  if (userId !== formerUserId) {
    // With the new user's token nobody sees what the former one has left there; the guard still has the former token. Where that
    // is dead, so is what it has left.
    const isGuards = rotation !== null && clock.now() < rotation.until + GUARD_CLEARS_MS
    if (signing.slots[to] !== undefined && isGuards)
      return { kind: 'again', reason: `The webhook that was replaced last is still to be deleted. ${GUARD_MENDS}` }
    return { kind: 'slots', from, fromId, to }
  }
  // Another user's leftover is not listed, and its deliveries would be refused.
  if (signing.slots[to] !== undefined && rotation !== null && rotation.fromUserId !== userId)
    return { kind: 'again', reason: `A webhook of the former user is still to be deleted. ${GUARD_MENDS}` }
  const own = listed.find(({ id }) => id === fromId)
  if (own === undefined) return failed(`ClickUp does not list the webhook that is to be replaced. ${GUARD_MENDS}`)
  if (!own.whole || own.events !== 'all' || own.status === 'suspended')
    return failed(`The webhook that is to be replaced is not well (${own.status}). ${GUARD_MENDS}`)
  return { kind: 'slots', from, fromId, to }
}

const failed = (reason: string): Chosen => ({ kind: 'failed', reason })

/** Takes away what is left in a slot and at its address: the new webhook gets a secret of its own. */
export async function emptySlot(
  slot: Slot,
  listed: readonly Webhook[],
  { api, signing, urls }: Pick<ReplaceServices, 'api' | 'signing' | 'urls'>,
) {
  const entry = (await signing.read()).slots[slot]
  for (const { id, endpoint } of listed) {
    if (endpoint !== urls[slot] && id !== entry?.webhookId) continue
    const removed = await api.remove(id)
    if (removed.kind !== 'ok') return removed
  }
  if (entry !== undefined) await signing.put(slot, null)
  return null
}
