import type { Change } from '../ledger/change.ts'
import { isSame } from '../tasks/differences.ts'
import { factsOf, factsOfSnapshot } from '../tasks/known.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import { isGone, type Snapshot } from '../tasks/snapshot.ts'

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

/** Whether a read has answered with the state before the change. Only for so long as reads can lag. */
export function isStale(snapshot: Snapshot, change: Change): boolean {
  if (isGone(snapshot.state) || (snapshot.updatedAt ?? 0) >= change.at) return false
  if (snapshot.observedAt >= happenedAt(change) + READ_LAG_MS) return false
  const facts = factsOfSnapshot(snapshot)
  return factsOf(change).some(({ key, value }) => !isSame(facts.get(key) ?? absent(key), value))
}

/** What a delivery tells has happened before it came in, whatever its clock says: a time from the future must not wait for it. */
const happenedAt = (change: Change): number => Math.min(change.at, change.receivedAt)

const absent = (key: string) => (key.startsWith('assignee#') || key.startsWith('tag#') ? false : null)
