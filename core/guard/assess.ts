import type { Webhook } from '../clickup/webhooks.ts'
import type { Slot } from '../platform/connections.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import type { GapCause } from '../sync/gaps.ts'
import type { SlotSecret } from './signing-store.ts'
import type { WebhooksState } from './state.ts'

const HOUR = 3_600_000
/** A webhook that is suspended again sooner has a fault that activating does not mend. */
const REACTIVATE_EVERY_MS = HOUR

const SLOTS = ['a', 'b'] as const

/** What is to be done about one thing that was found. */
type Act =
  /** Sets endpoint and events, and makes it active. */
  | { kind: 'update'; slot: Slot; webhook: Webhook }
  /** Takes the secret that the list tells. */
  | { kind: 'adoptSecret'; slot: Slot; webhook: Webhook }
  /** Makes one in the slot, or takes the one that stands at its address. */
  | { kind: 'make'; slot: Slot; replaces: string | null }
  /** Goes on with the one that is being made. */
  | { kind: 'continue'; slot: Slot }
  /** Deletes a webhook of ours that has no use; `slot` is emptied. */
  | { kind: 'remove'; webhook: Webhook; slot: Slot | null }
  /** Empties a slot whose webhook is no more. */
  | { kind: 'forget'; slot: Slot }
  /** Reported, not fought. */
  | { kind: 'leave'; slot: Slot }

export type Finding = {
  act: Act
  /** Why deliveries may have been missed; null where none were. */
  cause: GapCause | null
  /** What is wrong, as the beginning of a sentence. */
  what: string
  /** How many events ClickUp says that it has given up meanwhile; null where it says nothing. */
  givenUp: number | null
}

export type Facts = {
  /** Every webhook that the token's user has, ours or not. */
  listed: readonly Webhook[]
  slots: SigningSecret['slots']
  state: WebhooksState
  urls: Readonly<Record<Slot, string>>
  /** Whose token is used. */
  userId: string
  /** How long that token may have been another user's until a moment ago, ms: then others see what is not listed here. */
  tokenLifeMs: number
  /** How long the secret of a webhook that is no more is kept, ms: what was on its way for it is still verified. */
  lingerMs: number
  now: number
  /** A sweep has found what an active webhook did not deliver. */
  silent: boolean
}

/**
 * What is wrong with the webhooks of a connection. Ours are those of the slots and those at one of our own addresses; all
 * others (another stage's, another product's) are as if they were not there.
 */
export function assess(facts: Facts): Finding[] {
  const { state, now, urls, userId } = facts
  const { intent, rotation } = state
  const rotating = rotation?.phase === 'making'
  // Another user's unfinished webhook is not listed with this token. Its maker goes on with it, unless the
  // hour is over, or somebody has just brought this token.
  const isOld = facts.tokenLifeMs === 0 || now - (intent?.since ?? 0) >= HOUR
  const foreign = intent !== null && intent.userId !== userId && !isOld
  const making = intent !== null && !foreign && !rotating ? intent.slot : null
  const spared = new Set<Slot>()
  if (foreign) spared.add(intent.slot)
  if (rotation !== null && (rotating || stands(rotation.to, facts))) spared.add(rotating ? rotation.to : rotation.from)
  // Another user's token is in force already, and whoever is to write that down has died: the old webhook is in no list that we
  // get, and delivers nevertheless, so its key has to stay.
  if (rotating && rotation.fromUserId !== rotation.userId && !stands(rotation.from, facts)) spared.add(rotation.from)
  for (const slot of SLOTS) if (seenLately(slot, facts)) spared.add(slot)

  const views = SLOTS.map((slot): View => {
    const entry = facts.slots[slot]
    const inSlots = (id: string) => SLOTS.some((each) => facts.slots[each]?.webhookId === id)
    return {
      slot,
      entry,
      own: facts.listed.find(({ id }) => id === entry?.webhookId),
      strays: facts.listed.filter(({ id, endpoint }) => endpoint === urls[slot] && !inSlots(id)),
    }
  })
  const open = views.filter(({ slot }) => !spared.has(slot) && slot !== making)
  if (making !== null)
    return [{ act: { kind: 'continue', slot: making }, cause: intent?.cause ?? null, what: UNFINISHED, givenUp: null }]

  const kept = keeper(views, spared)
  const findings = open.flatMap((view) => findingsOf(view, kept, facts))
  // A rotation is bringing another one anyway, and has the other slot.
  if (kept !== null) return facts.silent && !rotating ? withSilence(findings, kept, open, facts) : findings
  // A rotation, or another user's run, brings one.
  if (spared.size > 0) return findings
  const slot = freeSlot(views, rotation?.phase === 'over' ? rotation.from : null)
  const first = state.goodAt === null && Object.keys(facts.slots).length === 0
  const what = first ? 'There was no webhook yet' : 'The webhook was missing'
  return [...findings, found({ kind: 'make', slot, replaces: null }, first ? null : 'missing', what)]
}

const stands = (slot: Slot, { listed, slots }: Facts) => listed.some(({ id }) => id === slots[slot]?.webhookId)

/** Not listed now, but a moment ago by another run, whose token may be the newer one: the next run will know. */
function seenLately(slot: Slot, { listed, slots, state, now, tokenLifeMs }: Facts): boolean {
  const [entry, known] = [slots[slot], state.slots[slot]]
  // One that was to go is gone.
  if (entry?.state === 'retiring') return false
  const isListed = listed.some(({ id }) => id === entry?.webhookId)
  return !isListed && known?.webhookId === entry?.webhookId && now - (known?.checkedAt ?? 0) < tokenLifeMs
}

const UNFINISHED = 'A webhook was being made'

type View = { slot: Slot; entry: SlotSecret | undefined; own: Webhook | undefined; strays: Webhook[] }
type Kept = View & { entry: SlotSecret; own: Webhook }

/** The webhook that is to stay: an active one before one that a replacement has left unfinished. */
function keeper(views: readonly View[], spared: ReadonlySet<Slot>): Kept | null {
  const living = views.flatMap(({ slot, entry, own, strays }) =>
    entry !== undefined && own?.whole === true && !(spared.has(slot) && entry.state === 'pending')
      ? [{ slot, entry, own, strays }]
      : [],
  )
  const rank = ({ entry }: Kept) => ['active', 'retiring', 'pending'].indexOf(entry.state)
  return living.sort((one, other) => rank(one) - rank(other))[0] ?? null
}

function findingsOf({ slot, entry, own, strays }: View, kept: Kept | null, facts: Facts): Finding[] {
  const isKept = kept?.slot === slot
  // Without one to keep, a whole webhook at our address is taken over by the one that is made now.
  const adoptable = kept === null ? strays.filter(({ whole }) => whole) : []
  const removals = strays
    .filter((stray) => !adoptable.includes(stray))
    .map((webhook) =>
      found({ kind: 'remove', webhook, slot: null }, null, 'A webhook at our address belonged to nobody'),
    )
  if (isKept) return [...wrongs(kept, facts), ...removals]
  if (entry === undefined) return removals
  if (own !== undefined) {
    const what = own.whole ? 'A replaced webhook was left over' : 'A webhook heard of a part of the workspace only'
    // What one that has delivered until now still has on its way is verified until the next run empties its slot.
    const emptied = entry.state === 'retiring' ? null : slot
    return [...removals, found({ kind: 'remove', webhook: own, slot: emptied }, null, what)]
  }
  // What ClickUp still had on its way for it was verified until now.
  const lastSeen =
    facts.state.slots[slot]?.webhookId === entry.webhookId ? facts.state.slots[slot]?.checkedAt : undefined
  if (kept !== null && (lastSeen === undefined || facts.now - lastSeen >= facts.lingerMs))
    removals.push(found({ kind: 'forget', slot }, null, 'A webhook that is no more was still in its slot'))
  return removals
}

const found = (act: Act, cause: GapCause | null, what: string, givenUp: number | null = null): Finding => ({
  ...{ act, cause, what, givenUp },
})

function wrongs({ slot, entry, own }: Kept, { urls, state, now }: Facts): Finding[] {
  if (entry.state !== 'active') {
    // A retiring one still delivers all there is.
    const cause = entry.state === 'pending' ? 'missing' : null
    return [found({ kind: 'make', slot, replaces: null }, cause, 'A webhook was left unfinished')]
  }
  const findings: Finding[] = []
  const add = (act: Act, cause: GapCause, what: string) => findings.push(found(act, cause, what, own.failCount))
  if (own.secret !== '' && own.secret !== entry.secret)
    add({ kind: 'adoptSecret', slot, webhook: own }, 'failing', 'The key of the webhook was not the stored one')
  const update = { kind: 'update', slot, webhook: own } as const
  if (own.endpoint !== urls[slot]) {
    add(update, 'elsewhere', `The webhook pointed to ${hostOf(own.endpoint)}`)
  } else if (own.events !== 'all') {
    add(update, 'events', 'The webhook did not hear of every event')
  } else if (own.status !== 'active' && !(own.status === 'failing' && own.failCount === 0)) {
    // Failing without a loss is one try that went wrong: the next success ends it.
    const cause = own.status === 'failing' ? 'failing' : 'suspended'
    const lately = state.slots[slot]?.mended
    const again = lately != null && REACTIVATED.has(lately.what) && now - lately.at < REACTIVATE_EVERY_MS
    const what = `The webhook was ${cause} after ${own.failCount} lost events`
    if (again) add({ kind: 'leave', slot }, cause, `${what}, again within an hour`)
    else add(update, cause, what)
  }
  return findings
}

const REACTIVATED: ReadonlySet<string> = new Set(['failing', 'suspended'] satisfies GapCause[])

/** Deleted and made again: what made it silent (its creator was disabled, say) cannot be seen from here. */
function withSilence(findings: Finding[], kept: Kept, open: readonly View[], { state, now }: Facts): Finding[] {
  const isSound = kept.entry.state === 'active' && !findings.some(({ cause }) => cause !== null)
  if (!isSound || !open.some(({ slot }) => slot === kept.slot)) return findings
  const lately = state.slots[kept.slot]?.mended
  if (lately?.what === 'silent' && now - lately.at < REACTIVATE_EVERY_MS)
    return [...findings, found({ kind: 'leave', slot: kept.slot }, 'silent', 'A new webhook was silent, too')]
  const other = open.find(({ slot }) => slot !== kept.slot)?.slot ?? kept.slot
  const act = { kind: 'make', slot: other, replaces: kept.own.id } as const
  return [...findings, found(act, 'silent', 'The webhook was active and delivered nothing')]
}

/**
 * One at whose address a webhook of ours stands, else an empty one, else one whose webhook is no more: last the one of a webhook
 * that was replaced, for a former user's is not listed and delivers nevertheless, verified by what its slot holds.
 */
function freeSlot(views: readonly View[], replaced: Slot | null): Slot {
  const taken = views.find(({ strays }) => strays.some(({ whole }) => whole))
  const empty = views.find(({ entry }) => entry === undefined)
  const unlisted = views.filter(({ own }) => own === undefined)
  const dead = unlisted.find(({ slot }) => slot !== replaced) ?? unlisted[0]
  return (taken ?? empty ?? dead)?.slot ?? 'a'
}

const hostOf = (endpoint: string) => (URL.canParse(endpoint) ? new URL(endpoint).host : 'somewhere else')
