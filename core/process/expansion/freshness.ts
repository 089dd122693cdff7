import type { Change } from '../../ledger/change.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import { isGone, type Observation, type Snapshot } from '../../tasks/snapshot.ts'
import { STALE_RETRY_MS } from '../defer.ts'

/** Whether the task has to be read for this change, given what is stored. */
export function needsRead(snapshot: Snapshot | null, change: Change): boolean {
  if (change.field === 'deletion') return false
  if (snapshot === null) return true
  if (canDoWithout(change)) return false
  const happened = happenedAt(change)
  if (isGone(snapshot.state)) return snapshot.observedAt < happened
  // Reads lag behind writes, and not everything that happens moves ClickUp's `date_updated`: either must cover the change.
  return (snapshot.updatedAt ?? 0) < change.at && snapshot.observedAt < happened + READ_LAG_MS
}

/** Whether a change can be published without its task: a comment is no part of a task's state. */
export const canDoWithout = ({ field }: Change): boolean => field === 'comment'

/** Whether a read may have answered with the state before the change: that it is missing, say, of a task just made. */
export const mayLag = (read: { observedAt: number }, change: Change): boolean =>
  read.observedAt < happenedAt(change) + READ_LAG_MS

/**
 * Whether a read has answered with the state before the change, given the snapshot that stands since. Only for so long as
 * reads can lag: of the read itself, because an answer that is older than the snapshot does not renew it.
 */
export function isStale(read: Observation, snapshot: Snapshot, change: Change): boolean {
  if (canDoWithout(change)) return false
  // Deleted a moment ago and there again: undone, or the read lags. The next read tells.
  if (isGone(snapshot.state)) return read.kind === 'seen'
  // What it shows is no proof: a value may be that of before the change before.
  return (snapshot.updatedAt ?? 0) < change.at && mayLag(read, change) && mayLag(snapshot, change)
}

/** What a delivery tells has happened before it came in, whatever its clock says: a time from the future must not wait for it. */
const happenedAt = (change: Change): number => Math.min(change.at, change.receivedAt)

/** When a read can no longer lag behind the change, and be told from one that does: the time to read again. */
export const staleUntil = (change: Change, now: number): number =>
  Math.max(happenedAt(change) + READ_LAG_MS, now + STALE_RETRY_MS)
