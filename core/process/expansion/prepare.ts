import type { Stored } from '../../tasks/store.ts'
import type { Passage } from '../../upstream/passage.ts'
import { blockedOutcome, deferred } from '../defer.ts'
import type { Services } from '../services.ts'
import type { Deferred, Work } from '../work.ts'
import { putOff } from './degrade.ts'
import type { DeskView } from './desk.ts'
import { canDoWithout, needsRead } from './freshness.ts'
import type { Listing } from './listing.ts'
import { CHANGES_PER_TASK, type Plan, planReads, type StaleTask } from './plan.ts'

/** How the stale tasks of a batch are to be read by this worker, and nobody else. */
export type Prepared = { singly: ReadonlySet<string>; listing: Listing | null }

export const NOTHING_TO_READ: Prepared = { singly: new Set(), listing: null }

/** Another worker was quicker so often: whatever is left comes back in a moment. */
const ATTEMPTS = 4

/**
 * Plans the reads of a batch before anything is claimed, and reserves what the plan takes: the right to read these tasks,
 * and the calls for it. Work that has to wait gets its outcome here, so that it costs neither a claim nor a call.
 */
export async function prepare(works: readonly Work[], stored: Stored, services: Services): Promise<Prepared> {
  const stale = staleTasks(works, stored)
  if (stale.length === 0) return NOTHING_TO_READ
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [found, passage, record] = await Promise.all([
      services.desk.look(),
      services.clickup.look(),
      services.record(),
    ])
    countBlocked(passage, services)
    const now = services.clock.now()
    // Without the connection's record nothing can be listed: whatever storm goes on, all is read singly.
    const desk = record === null ? { ...found, stormSince: 0 } : found
    const reading = record === null ? { ...services.reading, fewReads: Number.POSITIVE_INFINITY } : services.reading
    const plan = planReads(stale, { desk, passage, now, reading })
    const taken = await take(plan, desk, now, services)
    if (taken === 'lost') continue
    const waits = await reserve(plan, services)
    for (const [id, wait] of waits) for (const work of waitingFor(id, works, stored)) putOff(work, wait, services)
    const singly = new Set(plan.singly.filter((id) => !waits.has(id)))
    if (plan.listing === null || record === null) return { singly, listing: null }
    const begunAt = begun(desk, now)
    const { until } = listingTimes(now, services)
    return { singly, listing: { ...plan.listing, record, desk, begunAt, until, ids: new Set(plan.listed) } }
  }
  for (const { id } of stale)
    for (const work of waitingFor(id, works, stored)) work.outcome = deferred('busy', services.clock.now() + 1_000)
  return NOTHING_TO_READ
}

/**
 * An alarm has to hold for as long as it lasts, and while the way is blocked hardly a call is made. Once a batch: nothing is taken
 * then that another worker could be quicker at.
 */
function countBlocked(passage: Passage, { metrics }: Services): void {
  if (passage.kind !== 'blocked') return
  if (passage.why === 'tokenDead') metrics.count('TokenDead')
}

function staleTasks(works: readonly Work[], stored: Stored): StaleTask[] {
  const stale = new Map<string, StaleTask>()
  for (const { change } of works) {
    const { id } = change.resource
    const snapshot = stored.get(id)?.snapshot ?? null
    if (!needsRead(snapshot, change)) continue
    const happened = Math.min(change.at, change.receivedAt)
    const observedAt = snapshot?.observedAt ?? 0
    const known = stale.get(id) ?? { id, from: happened, to: happened, observedAt, optional: true }
    stale.set(id, {
      ...known,
      from: Math.min(known.from, happened),
      to: Math.max(known.to, happened),
      optional: known.optional && canDoWithout(change),
    })
  }
  return [...stale.values()]
}

const waitingFor = (id: string, works: readonly Work[], stored: Stored): Work[] =>
  works.filter(({ change }) => change.resource.id === id && needsRead(stored.get(id)?.snapshot ?? null, change))

/** Tells the desk what this worker is about to do; `lost` when another one was quicker, and all is to be planned anew. */
async function take(plan: Plan, desk: DeskView, now: number, services: Services): Promise<'taken' | 'lost'> {
  const { singly, listing, join, calm } = plan
  if (listing !== null) {
    const taken = {
      now,
      since: listing.since,
      listingUntil: listingTimes(now, services).listingUntil,
      listingEnds: now + listingMs(listing.expected),
      begunAt: begun(desk, now),
    }
    if (!(await services.desk.take(taken))) return 'lost'
  }
  if (calm) await services.desk.calm()
  if (join !== null)
    await services.desk.wait(
      {
        ...{ now, waiting: join.count, waitingSince: join.since, nextListingAt: join.nextListingAt },
        chance: services.random(),
      },
      desk,
    )
  if (singly.length === 0) return 'taken'
  const keys = singly.map((id) => `task#${id}`)
  const isOurs = await services.desk.begin(keys, { now, since: now - services.reading.debounceMs }, desk)
  return isOurs || listing !== null ? 'taken' : 'lost'
}

/** A listing that goes on with another one ends with it, and has seen nothing later than that one's beginning. */
const begun = (desk: DeskView, now: number) => (desk.todo.length === 0 ? now : desk.begunAt)

/** A worker that dies while it lists holds the others back for no longer than this. */
const LISTING_MS = 60_000
/** No page takes longer, or it is given up. */
const PAGE_MS = 10_000
/** How long the right to list lasts, and until when a page may be begun. */
export const listingTimes = (now: number, { endsAt }: Services) => ({
  listingUntil: Math.min(endsAt, now + LISTING_MS),
  until: now + LISTING_MS - PAGE_MS,
})

/** About 2 s a page. */
export const listingMs = (expected: number) => (2 + expected / CHANGES_PER_TASK / 100) * 2_000

/** A lone change is followed by others: a lease of four calls is one write where four leases are four. */
const AHEAD = 3

/** Reserves the calls; what the budget does not bear waits, too. */
async function reserve(plan: Plan, services: Services): Promise<ReadonlyMap<string, Deferred>> {
  if (plan.singly.length === 0) return plan.waits
  const passage = await services.clickup.reserve(plan.singly.length, AHEAD)
  const now = services.clock.now()
  const refused = plan.singly.slice(passage.kind === 'free' ? passage.calls : 0)
  const wait = passage.kind === 'free' ? deferred('rateLimited', now + 1_000) : blockedOutcome(passage, now)
  return new Map([...plan.waits, ...refused.map((id) => [id, wait] as const)])
}
