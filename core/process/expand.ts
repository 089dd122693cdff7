import type { Observation, Snapshot } from '../tasks/snapshot.ts'
import type { StoredTask } from '../tasks/store.ts'
import { outcomeOf, STALE_RETRY_MS } from './defer.ts'
import { isStale, mayLag, needsRead } from './freshness.ts'
import { readTask } from './read.ts'
import type { Services } from './services.ts'
import { type Outcome, together, type Work } from './work.ts'

/** The tasks of one connection as they were loaded at the beginning of the batch. */
export type Stored = ReadonlyMap<string, StoredTask>

/**
 * Brings every task up to its changes: reads what is too old, once per task however many changes wait for it, and puts
 * what was read. Work whose task could not be read, or not late enough, gets its outcome here.
 */
export async function expand(works: readonly Work[], stored: Stored, services: Services): Promise<void> {
  const byTask = Map.groupBy(works, (work) => work.change.resource.id)
  await Promise.all([...byTask].map(([id, its]) => together(its, () => expandTask(id, its, stored.get(id), services))))
}

async function expandTask(id: string, works: Work[], stored: StoredTask | undefined, services: Services) {
  if (stored?.fault) throw stored.fault
  let snapshot = await putDeletion(id, works, stored?.snapshot ?? null, services)
  let read: Observation | null = null
  const wanting = works.filter((work) => needsRead(snapshot, work.change))
  if (wanting.length > 0) {
    read = await readFor(id, wanting, services)
    if (read === null) {
      // Whoever can do without the read goes on.
      for (const work of works) if (!wanting.includes(work)) settleTask(work, snapshot, 'elided')
      return
    }
    snapshot = await services.tasks.record(services.connection.name, read, snapshot)
    services.metrics.count('SnapshotsWritten')
  }
  services.metrics.count('ReadsElided', works.length - wanting.length)
  services.metrics.count('ReadsCoalesced', Math.max(0, wanting.length - 1))
  for (const work of works) settleTask(work, snapshot, wanting.includes(work) ? 'read' : 'elided')
  if (snapshot === null || read === null) return
  for (const work of wanting) if (isStale(read, snapshot, work.change)) work.outcome = stale(services)
}

const stale = ({ clock }: Services): Outcome => ({
  kind: 'deferred',
  reason: 'stale',
  until: clock.now() + STALE_RETRY_MS,
})

function settleTask(work: Work, task: Snapshot | null, read: Work['read']): void {
  work.task = task
  work.read = read
}

/** A deletion is told, not read: it is put as an observation of its own. */
async function putDeletion(id: string, works: Work[], before: Snapshot | null, services: Services) {
  let snapshot = before
  for (const { change } of works) {
    if (change.field !== 'deletion') continue
    const seen: Observation = { kind: 'missing', id, state: 'deleted', observedAt: change.at }
    snapshot = await services.tasks.record(change.connection, seen, snapshot)
    services.metrics.count('SnapshotsWritten')
  }
  return snapshot
}

/** Reads the task for the work that wants it; `null` when it cannot be read, or not late enough, and the work has its outcome. */
async function readFor(id: string, wanting: Work[], services: Services): Promise<Observation | null> {
  const { clickup, connection } = services
  const now = services.clock.now()
  const read = await readTask(clickup, id, { connection, now })
  if (read.kind === 'observed') {
    const { observation } = read
    // Put, it would stand against the reads of the next seconds, and a task just made would be taken for deleted.
    const tooEarly = observation.kind === 'missing' && wanting.some(({ change }) => mayLag(observation, change))
    if (!tooEarly) return observation
  }
  const outcome = read.kind === 'observed' ? stale(services) : outcomeOf(read.fault, services.clock.now())
  for (const work of wanting) work.outcome = outcome
  return null
}
