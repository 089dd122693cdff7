import { isDeepStrictEqual } from 'node:util'
import type { Events, Webhook, Webhooks } from '../clickup/webhooks.ts'
import type { Clock } from '../platform/clock.ts'
import type { Slot } from '../platform/connections.ts'
import type { CacheTimes } from '../secrets/cached.ts'
import { SIGNING_CACHE } from '../secrets/signing.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SigningStore } from './signing-store.ts'
import type { Intent, Session } from './state.ts'

/** What a new webhook asks for until its secret is known everywhere: next to nothing comes, and nothing that would be missed. */
const RARE: Events = 'keyResultDeleted'

/**
 * How long it takes until every verifier knows a new secret.
 *
 * `always`: the life of its cache.
 * `soon`: a delivery that the cached secret does not explain makes the verifier read it anew, unless it did so less than
 * `refreshEveryMs` ago. Who has read it since the secret was stored knows it; who read it before may read again by then. So this
 * is enough as long as Secrets Manager answers, and a webhook that is missing must not be missing for minutes more.
 * `none`: there is no verifier yet that could have read or refused anything.
 */
export const waitsOf = ({ lifeMs, refreshEveryMs }: Pick<CacheTimes, 'lifeMs' | 'refreshEveryMs'>) => ({
  always: lifeMs,
  soon: refreshEveryMs + Math.min(5_000, refreshEveryMs),
  none: 0,
})
export const WAIT_MS = waitsOf(SIGNING_CACHE)

export type MakeServices = {
  api: Webhooks
  signing: SigningStore
  urls: Readonly<Record<Slot, string>>
  clock: Clock
  waitMs: number
  /** What its slot says when it hears of everything: a rotation makes it active only when it has been tested. */
  becomes?: 'active' | 'pending'
}

export type Made =
  | { kind: 'made'; webhook: Webhook }
  /** Made, its secret stored; to be gone on with at `until` (ms since 1970), by anybody. */
  | { kind: 'waiting'; until: number }
  /** ClickUp has one of the same configuration elsewhere, and refuses a second (`OAUTH_171`). */
  | { kind: 'inTheWay'; webhooks: Webhook[] }
  /** ClickUp does not let the token make one, or not so. */
  | { kind: 'refused'; reason: string }
  /** No answer, or none that says anything. What is written down is gone on with by the next run. */
  | { kind: 'unreachable'; fault: Fault }

/**
 * The one way in which a webhook is made. What shall be is written down in the session's state before ClickUp is asked, and
 * every step looks first whether it was done, so a crash anywhere is mended by calling this again:
 *
 *     (replaced one deleted) ─▶ made with one rare event ─▶ secret stored as pending ─▶ wait ─▶ all events, secret compared ─▶ active
 *
 * A webhook that was made and not written down is found at its address, and the list tells its secret.
 *
 * @param listed the webhooks of the token's user as just listed
 */
export async function make(
  session: Session,
  intent: Intent,
  listed: readonly Webhook[],
  services: MakeServices,
): Promise<Made> {
  const { api, signing, urls, clock, waitMs } = services
  const { slot } = intent
  if (intent.replaces !== null && listed.some(({ id }) => id === intent.replaces)) {
    const removed = await api.remove(intent.replaces)
    if (removed.kind !== 'ok') return { kind: 'unreachable', fault: removed }
  }
  const stored = (await signing.read()).slots[slot]
  const others = listed.filter(({ id, whole }) => id !== intent.replaces && whole)
  const known = others.find(({ id }) => id === (intent.webhookId ?? stored?.webhookId))
  const begun =
    known ?? others.find(({ endpoint }) => endpoint === urls[slot]) ?? (await begin(session, intent, services))
  if ('kind' in begun) return begun
  const key = begun.secret === '' && stored?.webhookId === begun.id ? stored.secret : begun.secret
  if (key === '') return { kind: 'refused', reason: 'its answer carries no key for the deliveries' }

  const isStored = stored?.webhookId === begun.id && stored.secret === key
  if (!isStored) await signing.put(slot, { webhookId: begun.id, secret: key, state: 'pending' })
  let { readyAt } = intent
  // A key that was lost, or is another by now, has to become known like a new one.
  if (intent.webhookId !== begun.id || readyAt === null || !isStored) {
    // One that hears of everything already delivers, whether we wait or not.
    readyAt = clock.now() + (begun.events === 'all' ? 0 : waitMs)
    await session.save({ intent: { ...intent, replaces: null, webhookId: begun.id, readyAt } })
  }
  if (clock.now() < readyAt) return { kind: 'waiting', until: readyAt }
  return complete(session, { ...intent, webhookId: begun.id, readyAt }, key, services)
}

async function begin(session: Session, { slot }: Intent, { api, urls }: MakeServices): Promise<Webhook | Made> {
  const made = await api.make(urls[slot], RARE)
  switch (made.kind) {
    case 'ok':
      return made.value
    case 'exists': {
      // Made by a request whose answer was lost, or by somebody in between.
      const again = await api.list()
      if (again.kind !== 'ok') return { kind: 'unreachable', fault: again }
      const here = again.value.find(({ endpoint, whole }) => endpoint === urls[slot] && whole)
      if (here !== undefined) return here
      await session.save({ intent: null })
      return { kind: 'inTheWay', webhooks: again.value }
    }
    case 'noAccess':
    case 'gone':
      await session.save({ intent: null })
      return { kind: 'refused', reason: 'it does not let this user make webhooks in the workspace' }
    case 'invalid':
      await session.save({ intent: null })
      return { kind: 'refused', reason: made.reason }
    default:
      return { kind: 'unreachable', fault: made }
  }
}

/** All events, and the last look at the secret: ClickUp returns it with every answer, and only this one counts. */
async function complete(
  session: Session,
  intent: Intent & { webhookId: string },
  key: string,
  { api, signing, urls, clock, waitMs, becomes = 'active' }: MakeServices,
): Promise<Made> {
  const { slot, webhookId } = intent
  const updated = await api.update(webhookId, urls[slot], 'all')
  if (updated.kind === 'gone' || updated.kind === 'noAccess') {
    // Somebody has deleted it meanwhile: the next run begins anew.
    await session.save({ intent: { ...intent, webhookId: null, readyAt: null } })
    return { kind: 'waiting', until: clock.now() }
  }
  if (updated.kind !== 'ok') return { kind: 'unreachable', fault: updated }
  const { secret } = updated.value
  if (secret !== '' && secret !== key) {
    await signing.put(slot, { webhookId, secret, state: 'pending' })
    const readyAt = clock.now() + waitMs
    await session.save({ intent: { ...intent, readyAt } })
    if (waitMs > 0) return { kind: 'waiting', until: readyAt }
  }
  const entry = { webhookId, secret: secret === '' ? key : secret, state: becomes }
  const stored = (await signing.read()).slots[slot]
  if (!isDeepStrictEqual(stored, entry)) await signing.put(slot, entry)
  return { kind: 'made', webhook: { ...updated.value, secret: entry.secret } }
}
