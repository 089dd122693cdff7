import { isDeepStrictEqual } from 'node:util'
import type { Webhook } from '../clickup/webhooks.ts'
import { closeGaps } from '../guard/breaches.ts'
import { type Made, make } from '../guard/make.ts'
import type { SlotSecret } from '../guard/signing-store.ts'
import { loadWebhooks, type Session, type WebhookRotation } from '../guard/state.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import { abandon } from './abandon.ts'
import { emptySlot } from './choose-slots.ts'
import { underLock } from './locked.ts'
import { deleteFirst, noteLoss } from './old-webhook.ts'
import { livesUntil, open } from './open.ts'
import { type Again, again, type Failed, failed, GIVEN_UP } from './outcomes.ts'
import type { ReplaceServices } from './replace-services.ts'
import { deliverTest } from './test-delivery.ts'

/** The document as it shall be when the replacement is over. */
export type Begun = { kind: 'begun'; becomes: SigningSecret }
/** The new webhook is active; the old one's secret is verified until then, and `beside` it goes on until then, too. */
type Concluded = { kind: 'over'; way: WebhookRotation['way']; until: number }

/**
 * How a webhook is replaced by one in the other slot. Each step may be called again after a crash; `run` names the replacement,
 * and one that somebody has taken over or given up meanwhile fails.
 *
 *     (two allowed)  new one with a rare event ─▶ secret stored ─▶ cache life ─▶ all events ─▶ test ─▶ active, old one retires
 *     (OAUTH_171)    gap opened ─▶ old one deleted ─▶ the same, with a shorter wait ─▶ gap closed, sweep
 */
export type Replace = ReturnType<typeof createReplace>

export function createReplace(services: ReplaceServices) {
  const { connection, signing, api, clock, urls, gaps, patience, waits, log } = services
  const locked = underLock(services)

  async function advance(session: Session, listed: readonly Webhook[]): Promise<Made | { kind: 'idle' }> {
    const { rotation, intent } = session.state
    if (rotation === null || intent === null) return { kind: 'idle' }
    const waitMs = rotation.way === 'beside' ? waits.always : waits.soon
    return make(session, intent, listed, { api, signing, urls, clock, waitMs, becomes: 'pending' })
  }

  return {
    /** Makes the new webhook with one rare event and stores its secret. `none`: there shall be no webhook. */
    begin: (run: string): Promise<Begun | { kind: 'none' } | Failed> =>
      locked(async (session) => {
        if (session.state.offSince !== null) return { kind: 'none' }
        const answer = await api.list()
        if (answer.kind !== 'ok') return again(answer)
        const opened = await open(session, run, answer.value, services)
        if ('kind' in opened) return opened
        let made = await advance(session, answer.value)
        if (made.kind === 'inTheWay') {
          const refused = await deleteFirst(session, opened, made.webhooks, services)
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
          await session.save({ rotation: { ...rotation, until: livesUntil(rotation.way, services) } })
          const answer = await api.list()
          if (answer.kind !== 'ok') return again(answer)
          await noteLoss(session, rotation, answer.value, services)
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
      const rotation = (await loadWebhooks(services.state, connection))?.rotation
      if (rotation?.run !== run) return GIVEN_UP
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

function becomes(signing: SigningSecret, { from, to }: WebhookRotation): SigningSecret {
  const as = (entry: SlotSecret | undefined, state: SlotSecret['state']) =>
    entry === undefined ? undefined : { ...entry, state }
  const [old, fresh] = [as(signing.slots[from], 'retiring'), as(signing.slots[to], 'active')]
  return {
    ...signing,
    slots: { ...signing.slots, ...(old && { [from]: old }), ...(fresh && { [to]: fresh }) },
  }
}
