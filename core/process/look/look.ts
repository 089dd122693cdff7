import type { Change } from '../../ledger/change.ts'
import { account, sweptBy } from '../../tasks/account.ts'
import { isSame } from '../../tasks/differences.ts'
import type { Known } from '../../tasks/known.ts'
import { BUSY_RETRY_MS, blockedOutcome, deferred } from '../defer.ts'
import type { Services } from '../services.ts'
import type { Outcome } from '../work.ts'
import { lookAtPlace } from './look-at-place.ts'
import { lookAtTask } from './look-at-task.ts'
import { type Hint, type Seen, tooEarly } from './seen.ts'

/**
 * What a look finds: changes on their way to the ledger (none, when it explains all that is seen), and whether to look
 * `again` when they are there; or why it could not look.
 */
export type Look =
  | { kind: 'found'; changes: readonly Change[]; again: Outcome | null }
  | { kind: 'blocked'; outcome: Outcome }

const ATTEMPTS = 5

/**
 * Looks where a hint points, and makes changes of the difference between what is seen and what is accounted for.
 *
 * The changes are written to the outbox before anybody hears of them: whoever looks next, after a crash or at the same
 * time, finds these and no others. Their ids hold the version that they start from, so a repeated hint makes none.
 */
export async function look(hint: Hint, services: Services): Promise<Look> {
  const { clock, connection } = services
  const { resource } = hint
  let seenLast: readonly Change[] | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await services.known.load(connection.name, resource)
    if (known !== null && known.outbox.length > 0) {
      // Another look found these, maybe before what this hint tells of: only a look of our own may end it.
      const again = deferred('busy', clock.now() + BUSY_RETRY_MS)
      return { kind: 'found', changes: known.outbox, again: isCovered(seenLast, known.outbox) ? null : again }
    }
    const early = hint.seen === undefined ? tooEarly(hint, clock.now(), services.reading) : null
    if (attempt === 0 && hint.seen === undefined) {
      const held = await holdBack(hint, services)
      if (held !== null) return { kind: 'blocked', outcome: held }
    }
    const seen = hint.seen ?? (await lookAt(hint, services))
    if (seen.kind === 'blocked') return seen
    const changes = seen.changesSince(withTold(known, hint.told))
    const again = changes.length === 0 ? early : null
    const standing = known ?? seen.first
    if (standing === null || (changes.length === 0 && known !== null)) return { kind: 'found', changes, again }
    const next = { ...sweptBy(changes, standing), version: (known?.version ?? 0) + 1, outbox: changes }
    if (await services.known.save(connection.name, resource, next, known?.version ?? null))
      return { kind: 'found', changes, again }
    seenLast = changes
  }
  throw new Error(
    `What is accounted of ${resource.kind} ${resource.id} was written by others ${ATTEMPTS} times in a row`,
  )
}

const lookAt = (hint: Hint, services: Services): Promise<Seen> =>
  hint.resource.kind === 'task' ? lookAtTask(hint, services) : lookAtPlace(hint, services)

/** Why a look has to wait: ClickUp cannot be asked, or somebody looked there a moment ago. `null` when this worker may look. */
async function holdBack({ resource }: Hint, { clickup, clock, desk, reading }: Services): Promise<Outcome | null> {
  const key = `${resource.kind}#${resource.id}`
  const [view, passage] = await Promise.all([desk.look(), clickup.look()])
  const now = clock.now()
  if (passage.kind === 'blocked') return blockedOutcome(passage, now)
  const times = { now, since: now - reading.debounceMs }
  const lastAt = view.reads[key] ?? 0
  if (lastAt <= times.since && (await desk.begin([key], times, view))) return null
  return deferred('debounce', Math.max(lastAt, times.since + 1_000) + reading.debounceMs)
}

/** What is accounted for, with what is told beside the hint; the version stays that of what is stored. */
const withTold = (known: Known | null, told: readonly Change[]): Known | null =>
  known === null ? null : { ...account(known, told), version: known.version }

/** Whether a look that was too late to write has seen nothing but what the quicker one wrote. */
const isCovered = (seen: readonly Change[] | null, outbox: readonly Change[]): boolean =>
  seen?.every(({ id, after }) => outbox.some((each) => each.id === id && isSame(each.after, after))) ?? false
