import { deletionOf } from '../../clickup/changes.ts'
import { differences } from '../../tasks/differences.ts'
import { factsOfSnapshot } from '../../tasks/facts.ts'
import { baseline } from '../../tasks/known.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import { isGone, type Snapshot } from '../../tasks/snapshot.ts'
import { deferred, outcomeOf, STALE_RETRY_MS } from '../defer.ts'
import { readTask } from '../expansion/read.ts'
import type { Services } from '../services.ts'
import { type Hint, type Seen, tooEarly } from './seen.ts'
import { taskChangeOf } from './task-change.ts'

/** Reads a task, puts its snapshot, and says what of it no change explains. */
export async function lookAtTask(hint: Hint, services: Services): Promise<Seen> {
  const { clickup, clock, connection, tasks } = services
  const { resource, receivedAt } = hint
  const early = tooEarly(hint, clock.now(), services.reading)
  const read = await readTask(clickup, resource.id, { connection, now: clock.now() })
  if (read.kind === 'fault') return { kind: 'blocked', outcome: outcomeOf(read.fault, clock.now()) }
  // Made a moment ago, for all that a lagging read can tell.
  if (read.observation.kind === 'missing' && early !== null) return { kind: 'blocked', outcome: early }
  const stored = (await tasks.load(connection.name, [resource.id])).get(resource.id)
  if (stored?.fault) throw stored.fault
  const task = await tasks.record(connection.name, read.observation, stored?.snapshot ?? null)
  if (isGone(task.state) && read.observation.kind === 'seen') {
    // Deleted a moment ago and there again: undone, or the read lags. The next one tells.
    return { kind: 'blocked', outcome: deferred('stale', clock.now() + STALE_RETRY_MS) }
  }
  if (task.state === 'outOfSight') return { kind: 'seen', first: null, changesSince: () => [] }
  if (task.state === 'deleted') {
    const changes = [deletionOf(resource, task.incarnation, { connection, receivedAt })]
    return { kind: 'seen', first: baseline(new Map()), changesSince: () => changes }
  }
  const facts = factsOfSnapshot(task)
  return {
    kind: 'seen',
    first: { ...baseline(facts), begunAt: task.updatedAt },
    // The first look at a task has nothing to compare with: what it sees is where the ledger begins.
    changesSince: (known) =>
      known === null || !known.begun
        ? []
        : differences(known, facts)
            .filter(({ since }) => isLater(task, since))
            .map((each) => taskChangeOf(each, { task, known, connection, receivedAt })),
  }
}

/** Whether a snapshot is later than what was accounted for at a time; else it is what lags, and nothing was taken back. */
const isLater = ({ updatedAt, observedAt }: Snapshot, since: number): boolean =>
  (updatedAt ?? 0) >= since || observedAt >= since + READ_LAG_MS
