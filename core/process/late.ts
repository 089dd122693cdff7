import * as z from 'zod'
import type { Change } from '../ledger/change.ts'
import type { Recorded } from '../ledger/history.ts'
import type { Json } from '../platform/json.ts'
import { isSame } from '../tasks/differences.ts'
import { factsOf } from '../tasks/facts.ts'
import type { Stored } from '../tasks/store.ts'
import { BUSY_RETRY_MS, deferred } from './defer.ts'
import type { Services } from './services.ts'
import { forEach, isOpen, type Work } from './work.ts'

/** Clocks differ, and a listing may be of a moment before: a sweep's interval ends this much later than it says. */
const TOLERANCE_MS = 5_000

/**
 * Recognises deliveries of changes that a sweep has found already, because they came too late for it: same field, same value,
 * within the sweep's interval. Such a delivery completes the change in the ledger (who, exactly when, from what), which keeps
 * its id, and nothing is published again.
 */
export async function recognise(works: readonly Work[], stored: Stored, services: Services): Promise<void> {
  const { ledger, clock, metrics } = services
  const told = works.filter(
    ({ change, looked }) => !looked && change.origin === 'webhook' && change.field !== 'deletion',
  )
  await forEach(told.filter(isOpen), async (work) => {
    const { change } = work
    const known =
      change.resource.kind === 'task'
        ? stored.get(change.resource.id)?.known
        : await services.known.load(change.connection, change.resource)
    if (!known || known.sweptUntil + TOLERANCE_MS < change.at) return
    if (known.outbox.some((each) => isSameNews(each, change))) {
      // Found and not in the ledger yet: there it can be completed in a moment, or, when that was set aside, in hours.
      const now = clock.now()
      work.outcome = deferred('busy', now + Math.max(BUSY_RETRY_MS, (now - change.receivedAt) / 2))
      return
    }
    // What was found has its place in the history at the end of its interval.
    const { changes: done } = await ledger.doneSince(change.resource, change.connection, change.at - TOLERANCE_MS)
    // Told before by itself: it must not pass for another one that came to the same value soon after.
    if (done.some((each) => each.id === change.id)) return
    const found = done.find((each) => each.toldBy === change.id) ?? done.find((each) => isSameNews(each, change))
    if (found === undefined) return
    if (found.toldBy === undefined) await ledger.amend(found, change)
    metrics.count('ChangesDuplicate')
    work.outcome = { kind: 'duplicate' }
  })
}

/**
 * Lets go of what a sweep has found and a delivery has told of meanwhile. The two look for each other: a sweep's change stands in
 * the outbox before it looks for claims, and a late delivery is claimed before it looks into the outbox, so that of two that
 * meet one sees the other.
 */
export async function leaveToDeliveries(works: readonly Work[], { ledger, clock }: Services): Promise<void> {
  const swept = works.filter(({ change }) => change.origin === 'sweep' && change.field !== 'deletion')
  await forEach(swept, async (work) => {
    const { change } = work
    const { changes, claimed } = await ledger.doneSince(change.resource, change.connection, change.atEarliest)
    const isDone = changes.some(({ id }) => id === change.id)
    const isTold = changes.some(
      (each) => each.origin === 'webhook' && each.at > change.atEarliest && isSameNews(change, each),
    )
    if (!isDone && isTold) work.outcome = { kind: 'duplicate' }
    else if (!isDone && claimed > 0) work.outcome = deferred('busy', clock.now() + BUSY_RETRY_MS)
  })
}

/** Whoever has claimed what is this old looks once more whether a sweep has found it since. */
export async function lookAgain(works: readonly Work[], services: Services): Promise<void> {
  const { clock, known } = services
  const late = works.filter(({ change, looked }) => !looked && clock.now() > change.at + TOLERANCE_MS)
  await forEach(
    late.filter(({ change }) => change.origin === 'webhook' && change.field !== 'deletion'),
    async (work) => {
      const { change } = work
      const standing = await known.load(change.connection, change.resource)
      if (standing?.outbox.some((each) => isSameNews(each, change)))
        work.outcome = deferred('busy', clock.now() + BUSY_RETRY_MS)
    },
  )
}

const timeSchema = z.object({
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  durationMs: z.number().nullable(),
})

/** A time entry without its names; entries of one task that are alike in all else are not told apart by it. */
const timeText = (value: Json): string => JSON.stringify(timeSchema.safeParse(value).data ?? null)

/** Whether a sweep's change says what a delivery says. */
function isSameNews(found: Change | Recorded, told: Change): boolean {
  if (found.origin !== 'sweep' || found.customField?.id !== told.customField?.id) return false
  if (told.at < found.atEarliest - TOLERANCE_MS || told.at > found.at + TOLERANCE_MS) return false
  const [theirs, ours] = [factsOf(told), factsOf(found)]
  if (ours.length === 0 || theirs.length === 0) {
    if (found.field !== told.field) return false
    if (found.field !== 'time_spent') return isSame(found.after, told.after)
    // A delivery and a listing may call one entry by two names.
    return (
      timeText(found.after) === timeText(told.after) &&
      (found.after !== null || timeText(found.before) === timeText(told.before))
    )
  }
  // One delivery may tell of several elements: two tags that were set at once, say.
  return ours.every(({ key, value }) => theirs.some((each) => each.key === key && isSame(each.value, value)))
}
