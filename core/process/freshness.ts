import type { Change } from '../ledger/change.ts'
import { isSame } from '../tasks/differences.ts'
import { factsOf, factsOfSnapshot } from '../tasks/known.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import { isGone, type Observation, type Snapshot } from '../tasks/snapshot.ts'

/** Whether the task has to be read for this change, given what is stored. */
export function needsRead(snapshot: Snapshot | null, change: Change): boolean {
  if (change.field === 'deletion') return false
  if (snapshot === null) return true
  // A comment is no part of a task's state.
  if (change.field === 'comment') return false
  const happened = happenedAt(change)
  if (isGone(snapshot.state)) return snapshot.observedAt < happened
  // Reads lag behind writes, and not everything that happens moves ClickUp's `date_updated`: either must cover the change.
  return (snapshot.updatedAt ?? 0) < change.at && snapshot.observedAt < happened + READ_LAG_MS
}

/** Whether a read may have answered with the state before the change: that it is missing, say, of a task just made. */
export const mayLag = (read: { observedAt: number }, change: Change): boolean =>
  read.observedAt < happenedAt(change) + READ_LAG_MS

/**
 * Whether a read has answered with the state before the change, given the snapshot that stands since. Only for so long as
 * reads can lag: of the read itself, because an answer that is older than the snapshot does not renew it.
 */
export function isStale(read: Observation, snapshot: Snapshot, change: Change): boolean {
  // Deleted a moment ago and there again: undone, or the read lags. The next read tells.
  if (isGone(snapshot.state)) return read.kind === 'seen'
  if ((snapshot.updatedAt ?? 0) >= change.at || !mayLag(read, change) || !mayLag(snapshot, change)) return false
  const facts = factsOfSnapshot(snapshot)
  return factsOf(change).some(({ key, value }) => !isSame(facts.get(key) ?? absent(key), value))
}

/** What a delivery tells has happened before it came in, whatever its clock says: a time from the future must not wait for it. */
const happenedAt = (change: Change): number => Math.min(change.at, change.receivedAt)

const absent = (key: string) => (key.startsWith('assignee#') || key.startsWith('tag#') ? false : null)
