import { isDeepStrictEqual } from 'node:util'
import type { Webhook, Webhooks } from '../clickup/webhooks.ts'
import { closeGaps, openGaps } from '../guard/breaches.ts'
import { faultText } from '../guard/fault-text.ts'
import { withSession } from '../guard/guard.ts'
import { type Made, make } from '../guard/make.ts'
import type { SigningStore, SlotSecret } from '../guard/signing-store.ts'
import type { Session, SessionServices, WebhookRotation } from '../guard/state.ts'
import type { Slot } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import type { GapStore } from '../sync/gaps.ts'
import type { SendJob } from '../sync/job.ts'
import type { Fault } from '../upstream/fault.ts'
import { abandon } from './abandon.ts'
import { chooseSlots, emptySlot } from './choose-slots.ts'
import { type Patience, patiently } from './patience.ts'
import { deliverTest, type Post } from './test-delivery.ts'

export type ReplaceServices = SessionServices & {
  signing: SigningStore
  /** By the token of whoever makes the new webhook. */
  api: Webhooks
  /** Whose token that is. */
  userId: string
  /** Whose webhook is replaced. */
  formerUserId: string
  urls: Readonly<Record<Slot, string>>
  gaps: GapStore
  sendJob: SendJob
  sendGuard: SendJob
  post: Post
  /** New for each call. */
  nonce(): string
  log: Log
  /** How long a new secret waits until it is known (see `waitsOf`). */
  waits: { always: number; soon: number }
  overlapMs: number
  patience: Patience
}

/** The document as it shall be when the replacement is over. */
export type Begun = { kind: 'begun'; becomes: SigningSecret }
/** The new webhook is active; the old one's secret is verified until then, and `beside` it goes on until then, too. */
type Concluded = { kind: 'over'; way: WebhookRotation['way']; until: number }
type Failed = { kind: 'failed'; reason: string }
type Again = { kind: 'again'; reason: string }

/**
 * How a webhook is replaced by one in the other slot. Each step may be called again after a crash; `run` names the replacement,
 * and one that somebody has taken over or given up meanwhile fails.
 *
 *     (two allowed)  new one with a rare event ─▶ secret stored ─▶ cache life ─▶ all events ─▶ test ─▶ active, old one retires
 *     (OAUTH_171)    gap opened ─▶ old one deleted ─▶ the same, with a shorter wait ─▶ gap closed, sweep
 */
export type Replace = ReturnType<typeof createReplace>

/** An invocation lives for 15 minutes, so within 20 whoever is at it has written again. */
const MAKING_MS = 20 * 60_000
/** While there is no webhook at all, the guard must not wait that long for one who has died. */
const INSTEAD_MS = 3 * 60_000

export function createReplace(services: ReplaceServices) {
  const { connection, signing, api, clock, urls, gaps, patience, waits, log } = services

  /** Does something under the lock, waiting for it; `again`: a reason to wait and do it once more. */
  function locked<Result>(use: (session: Session) => Promise<Result | Again>): Promise<Result | Failed> {
    return patiently(patience, clock, async () => {
      const result = await withSession(services, 'a rotation', async (session) => {
        const used = await use(session)
        await session.release()
        return { kind: 'used' as const, used }
      })
      return result.kind === 'used' ? result.used : { kind: 'again', reason: `${result.what} is at the webhooks.` }
    })
  }

  const until = (way: WebhookRotation['way']) => clock.now() + (way === 'beside' ? MAKING_MS : INSTEAD_MS)

  /** Starts, goes on with what a crash has left, or takes over what another run of the same maker has left. */
  async function open(
    session: Session,
    run: string,
    listed: readonly Webhook[],
  ): Promise<WebhookRotation | Failed | Again> {
    const { rotation, intent } = session.state
    const making = rotation?.phase === 'making' ? rotation : null
    if (making !== null) {
      const isOurs =
        making.fromUserId === services.formerUserId && (intent?.userId ?? services.userId) === services.userId
      if (!isOurs) return { kind: 'again', reason: 'Another rotation is under way.' }
      const next = { ...making, run, until: until(making.way) }
      const replaces = making.way === 'instead' ? making.fromId : null
      await session.save({ rotation: next, ...(intent === null ? { intent: intentFor(next.to, replaces) } : {}) })
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
    const next: WebhookRotation = { ...common, way: 'beside', phase: 'making', until: until('beside') }
    await session.save({ rotation: next, intent: intentFor(to, null) })
    return next
  }

  const intentFor = (slot: Slot, replaces: string | null) => ({
    ...{ slot, since: clock.now(), userId: services.userId, cause: null, replaces, webhookId: null, readyAt: null },
  })

  async function advance(session: Session, listed: readonly Webhook[]): Promise<Made | { kind: 'idle' }> {
    const { rotation, intent } = session.state
    if (rotation === null || intent === null) return { kind: 'idle' }
    const waitMs = rotation.way === 'beside' ? waits.always : waits.soon
    return make(session, intent, listed, { api, signing, urls, clock, waitMs, becomes: 'pending' })
  }

  /** ClickUp refuses a second one: if the one that is in the way is ours alone, it goes first. */
  async function turn(
    session: Session,
    rotation: WebhookRotation,
    inTheWay: readonly Webhook[],
  ): Promise<Failed | null> {
    // One for a space, folder, list or task is of another place, and stood beside ours until now.
    const others = inTheWay.filter(({ id, whole }) => whole && id !== rotation.fromId)
    if (rotation.way === 'instead' || rotation.fromUserId !== services.userId || others.length > 0) {
      await abandon(session, services)
      return failed(
        'ClickUp refuses a second webhook of this user (OAUTH_171), and one that is not ours is in the way.',
      )
    }
    const what = 'ClickUp refuses a second webhook, so there was none while its secret was rotated'
    await openGaps([{ cause: 'rotation', what, givenUp: null }], clock.now(), { gaps, connection, clock })
    const next: WebhookRotation = { ...rotation, way: 'instead', until: until('instead') }
    await session.save({ rotation: next, intent: intentFor(rotation.to, rotation.fromId) })
    log.warn('ClickUp refuses a second webhook: the old one is deleted first', { connection, slot: rotation.from })
    return null
  }

  /**
   * The old one was well when it began. If it is not any more, nobody else would tell: the guard leaves a missing one to the
   * rotation, and finds all well afterwards. It closes the gap then, and has it swept.
   */
  async function noteLoss(session: Session, rotation: WebhookRotation, listed: readonly Webhook[]): Promise<void> {
    // Another user's is not listed here.
    if (rotation.way !== 'beside' || rotation.fromUserId !== services.userId) return
    const old = listed.find(({ id }) => id === rotation.fromId)
    const cause = old === undefined ? 'missing' : old.status === 'suspended' ? 'suspended' : null
    const what = `The webhook was ${cause} while it was being replaced`
    await openGaps([{ cause, what, givenUp: old?.failCount ?? null }], session.state.goodAt, {
      gaps,
      connection,
      clock,
    })
  }

  return {
    /** Makes the new webhook with one rare event and stores its secret. `none`: there shall be no webhook. */
    begin: (run: string): Promise<Begun | { kind: 'none' } | Failed> =>
      locked(async (session) => {
        if (session.state.offSince !== null) return { kind: 'none' }
        const answer = await api.list()
        if (answer.kind !== 'ok') return again(answer)
        const opened = await open(session, run, answer.value)
        if ('kind' in opened) return opened
        let made = await advance(session, answer.value)
        if (made.kind === 'inTheWay') {
          const refused = await turn(session, opened, made.webhooks)
          if (refused !== null) return refused
          made = await advance(session, made.webhooks)
        }
        switch (made.kind) {
          case 'made':
          case 'waiting':
            return { kind: 'begun', becomes: becomes(await signing.read(), opened) }
          case 'unreachable':
            return again(made.fault)
          case 'refused':
          case 'inTheWay':
          case 'idle':
            await abandon(session, services)
            return failed(
              made.kind === 'refused'
                ? `ClickUp refuses to make a webhook: ${made.reason}.`
                : 'ClickUp refuses a webhook in the place of the old one: the guard makes one as soon as it can.',
            )
        }
      }),

    /**
     * Waits until every verifier knows the secret, and lets the new one hear of everything.
     * @param onWait told until when it waits, ms since 1970
     */
    async complete(run: string, onWait: (until: number) => Promise<void>): Promise<{ kind: 'ready' } | Failed> {
      for (;;) {
        const step = await locked(async (session): Promise<Step> => {
          const { rotation } = session.state
          if (rotation?.run !== run) return GIVEN_UP
          if (rotation.phase === 'over') return { kind: 'ready' }
          await session.save({ rotation: { ...rotation, until: until(rotation.way) } })
          const answer = await api.list()
          if (answer.kind !== 'ok') return again(answer)
          await noteLoss(session, rotation, answer.value)
          const made = await advance(session, answer.value)
          if (made.kind === 'waiting') return { kind: 'wait', until: made.until }
          if (made.kind === 'unreachable') return again(made.fault)
          if (made.kind !== 'made') {
            await abandon(session, services)
            return failed('ClickUp does not have the new webhook any more, and refuses another.')
          }
          if (rotation.way === 'beside') return { kind: 'ready' }
          // Asked for before the gap is closed: a crash in between asks once more, and never not at all.
          await services.sendJob({ job: 'sweep', connection, reason: 'mended' })
          await closeGaps({ gaps, connection, clock })
          return { kind: 'ready' }
        })
        if (step.kind !== 'wait') return step
        if (step.until >= patience.deadline) return failed('There is not time enough to wait for the verifiers.')
        await onWait(step.until)
        await patience.sleep(Math.max(0, step.until - clock.now()))
      }
    },

    /** Sends a signed test delivery to the address of the new webhook. */
    async test(run: string): Promise<{ kind: 'ready' } | Failed> {
      const rotation = await locked(async ({ state }) => state.rotation)
      if (rotation === null) return GIVEN_UP
      if ('kind' in rotation) return rotation
      if (rotation.run !== run) return GIVEN_UP
      const entry = (await signing.read()).slots[rotation.to]
      if (entry === undefined) return GIVEN_UP
      return deliverTest(entry, urls[rotation.to], { ...services, forMs: 2 * waits.soon })
    },

    /**
     * The new one is active, and the old one retires. Done twice it does nothing more.
     * @param store puts the document in force, where that is not done by the signing secret's own store
     */
    conclude: (run: string, store: (signing: SigningSecret) => Promise<void> = signing.store) =>
      locked(async (session): Promise<Concluded | Failed> => {
        const { rotation } = session.state
        if (rotation?.run !== run) return GIVEN_UP
        if (rotation.phase === 'over') return { kind: 'over', way: rotation.way, until: rotation.until }
        const current = await signing.read()
        const next = becomes(current, rotation)
        if (!isDeepStrictEqual(next, current)) await store(next)
        const overUntil = clock.now() + services.overlapMs
        await session.save({ rotation: { ...rotation, phase: 'over', until: overUntil }, intent: null })
        // It comes by the clock, too; this one comes in time.
        await services.sendGuard({ job: 'guard', connection, reason: 'mended' }, services.overlapMs / 1_000)
        log.info('A webhook was replaced', { connection, slot: rotation.to, way: rotation.way })
        return { kind: 'over', way: rotation.way, until: overUntil }
      }),

    /**
     * Takes the new one away, where the old one still stands; else the guard finishes it. Disconnected meanwhile, there shall be
     * none at all: whoever disconnected had the token in use, which does not show what another user's has made.
     */
    async undo(run: string): Promise<void> {
      await locked(async (session) => {
        const { rotation, offSince } = session.state
        if (rotation?.run === run) await abandon(session, services)
        const listed = offSince === null ? null : await api.list()
        if (listed?.kind === 'ok') for (const slot of ['a', 'b'] as const) await emptySlot(slot, listed.value, services)
        return null
      })
    },
  }
}

type Step = { kind: 'ready' } | { kind: 'wait'; until: number } | Failed | Again

const again = (fault: Fault): Again => ({ kind: 'again', reason: faultText(fault) })
const failed = (reason: string): Failed => ({ kind: 'failed', reason })
const GIVEN_UP = failed('The rotation was given up, or another run has taken it over.')

function becomes(signing: SigningSecret, { from, to }: WebhookRotation): SigningSecret {
  const as = (entry: SlotSecret | undefined, state: SlotSecret['state']) =>
    entry === undefined ? undefined : { ...entry, state }
  const [old, fresh] = [as(signing.slots[from], 'retiring'), as(signing.slots[to], 'active')]
  return {
    ...signing,
    slots: { ...signing.slots, ...(old && { [from]: old }), ...(fresh && { [to]: fresh }) },
  }
}
