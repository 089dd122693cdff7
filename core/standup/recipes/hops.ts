import type { Recorded } from '../../ledger/history.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import { isSameStatus, statusOf } from './status-name.ts'

type Status = { name: string; type: string | null }

/** A step of a task from one status into another. */
export type Hop = { id: string; at: number; atEarliest: number; by: Recorded['actor']; from: Status | null; to: Status }

/** The steps of a task through its statuses, in their order; the first one, of a task that was made, is from nowhere. */
export const hopsOf = (changes: readonly Recorded[]): Hop[] =>
  changes.flatMap(({ id, field, at, atEarliest, actor, before, after }) => {
    const [from, to] = [statusOf(before), statusOf(after)]
    const isHop = field === 'status' && to !== null && (from === null || !isSameStatus(from.name, to.name))
    return isHop ? [{ id, at, atEarliest, by: actor, from, to }] : []
  })

/** The status that a task is in, by the newest that is known: a task that could not be read in time is behind the ledger. */
export function statusNow(snapshot: Snapshot, hops: readonly Hop[]): Status | null {
  const last = hops.at(-1)
  if (last === undefined) return snapshot.status
  const isSeen = (snapshot.updatedAt ?? 0) >= last.at || snapshot.observedAt >= last.at + READ_LAG_MS
  return isSeen ? snapshot.status : last.to
}
