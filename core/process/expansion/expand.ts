import { isNeverSeen } from '../../tasks/observe.ts'
import type { Observation, Snapshot } from '../../tasks/snapshot.ts'
import type { Stored, StoredTask } from '../../tasks/store.ts'
import { outcomeOf } from '../defer.ts'
import type { Services } from '../services.ts'
import { isOpen, type Outcome, together, type Work } from '../work.ts'
import { putOff } from './degrade.ts'
import { canDoWithout, isStale, mayLag, needsRead, staleUntil } from './freshness.ts'
import { list } from './listing.ts'
import type { Prepared } from './prepare.ts'
import { readTask } from './read.ts'

/**
 * Brings every task up to its changes: reads what was planned, once per task however many changes wait for it, and puts
 * what was read. Work whose task could not be read, or not late enough, gets its outcome here.
 */
export async function expand(
  works: readonly Work[],
  stored: Stored,
  { singly, listing }: Prepared,
  services: Services,
): Promise<void> {
  // Others wait for what is listed, whatever became of this batch's own claims.
  let listed: ReadonlyMap<string, Snapshot> | null = null
  if (listing !== null) {
    const its = works.filter(({ change }) => listing.ids.has(change.resource.id))
    await together(its, async () => {
      listed = await list(listing, services)
    })
  }
  const byTask = Map.groupBy(works.filter(isOpen), (work) => work.change.resource.id)
  await Promise.all(
    [...byTask].map(([id, its]) =>
      together(its, () => {
        const read: HowRead = singly.has(id) ? 'read' : listing?.ids.has(id) === true ? 'listed' : 'elided'
        return expandTask(id, its, stored.get(id), { read, listed: listed?.get(id) ?? null }, services)
      }),
    ),
  )
}

type HowRead = 'read' | 'listed' | 'elided'
type Reading = { read: HowRead; listed: Snapshot | null }

async function expandTask(
  id: string,
  works: Work[],
  stored: StoredTask | undefined,
  { read, listed }: Reading,
  services: Services,
) {
  if (stored?.fault) throw stored.fault
  let snapshot = await putDeletion(id, works, listed ?? stored?.snapshot ?? null, services)
  if (snapshot !== null && isNeverSeen(snapshot)) snapshot = await putPlace(snapshot, works, services)
  const wanting = works.filter((work) => !work.degraded && needsRead(stored?.snapshot ?? null, work.change))
  const open = wanting.filter(({ change }) => needsRead(snapshot, change) && (read === 'read' || !canDoWithout(change)))
  let seen: Observation | null = null
  if (open.length > 0) {
    if (read === 'read') seen = await readFor(id, open, services)
    // Not in what was listed, or older there than the change: whoever comes next reads it singly.
    else for (const work of open) putOff(work, later(work, 'listing', services), services)
  }
  if (seen !== null) {
    snapshot = await services.tasks.record(services.connection.name, seen, snapshot)
  }
  for (const work of works.filter(isOpen)) {
    work.task = work.degraded ? null : snapshot
    work.read = work.degraded ? 'none' : wanting.includes(work) ? read : 'elided'
  }
  if (snapshot === null || seen === null) return
  for (const work of open) if (isStale(seen, snapshot, work.change)) work.outcome = later(work, 'stale', services)
}

const later = ({ change }: Work, reason: 'stale' | 'listing', { clock }: Services): Outcome => ({
  kind: 'deferred',
  reason,
  until: staleUntil(change, clock.now()),
})

/** A deletion is told, not read: it is put as an observation of its own. */
async function putDeletion(id: string, works: Work[], before: Snapshot | null, services: Services) {
  let snapshot = before
  for (const { change } of works) {
    if (change.field !== 'deletion') continue
    const seen: Observation = { kind: 'missing', id, state: 'deleted', observedAt: change.at }
    snapshot = await services.tasks.record(change.connection, seen, snapshot)
  }
  return snapshot
}

/** Where a task that nobody will ever see was told to lie: should its deletion have been lost, a census of that list tells of it. */
function putPlace(snapshot: Snapshot, works: readonly Work[], { tasks, connection }: Services): Promise<Snapshot> {
  const { id, observedAt } = snapshot
  const state = snapshot.state === 'deleted' ? 'deleted' : 'outOfSight'
  return tasks.record(connection.name, { kind: 'missing', id, state, observedAt, listId: placeOf(works) }, snapshot)
}

/** A list that the changes name: of several the greatest, as with those that come later. */
const placeOf = (works: readonly Work[]): string | null =>
  works
    .flatMap(({ change: { listId } }) => listId ?? [])
    .sort()
    .at(-1) ?? null

/** Reads the task for the work that wants it; `null` when it cannot be read, or not late enough, and the work has its outcome. */
async function readFor(id: string, wanting: Work[], services: Services): Promise<Observation | null> {
  const { clickup, connection } = services
  const now = services.clock.now()
  const read = await readTask(clickup, id, { connection, now })
  if (read.kind === 'observed') {
    const { observation } = read
    // Put, it would stand against the reads of the next seconds, and a task just made would be taken for deleted.
    const tooEarly = observation.kind === 'missing' && wanting.some(({ change }) => mayLag(observation, change))
    if (!tooEarly) return observation.kind === 'missing' ? { ...observation, listId: placeOf(wanting) } : observation
  }
  for (const work of wanting) {
    if (read.kind === 'observed') work.outcome = later(work, 'stale', services)
    else putOff(work, outcomeOf(read.fault, services.clock.now()), services)
  }
  return null
}
