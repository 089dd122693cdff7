import type { Recorded } from '../../ledger/history.ts'
import { statusIntervals } from '../../tasks/cycle/status-intervals.ts'
import type { StatusTimes } from '../../tasks/status-times.ts'
import type { ScopeTask } from './scope-tasks.ts'

/** Since when something is as it is (ms since 1970), and the changes that say so. */
export type Since = { at: number; changeIds: readonly string[] }

/**
 * When a task came into the status that it has, at the latest; null where nobody knows. Of the time before the connection ClickUp's
 * own count says it, and where there is none, that it was made is no proof that it has been in this status ever since.
 */
export function enteredStatus(
  task: ScopeTask,
  status: string,
  { history, times }: { history: readonly Recorded[]; times: StatusTimes | null },
): Since | null {
  const last = statusIntervals({ task, changes: history, times }).at(-1)
  if (last === undefined || last.status !== status) return null
  const at = last.fromLatest
  const changes = history.filter((change) => change.field === 'status' && change.at === at)
  if (changes.length > 0) return { at, changeIds: changes.map(({ id }) => id) }
  const counted = times?.current.status === status ? times.current.since : null
  return counted === null ? null : { at: counted, changeIds: [] }
}

/** When a task was given a tag that it has; null where the ledger does not know. */
export function enteredTag(tag: string, history: readonly Recorded[]): Since | null {
  let since: Since | null = null
  for (const { id, field, before, after, at } of history) {
    if (field !== 'tag' && field !== 'tag_removed') continue
    const isThere = hasTag(after, tag)
    if (isThere && since === null) since = { at, changeIds: [id] }
    else if (!isThere && hasTag(before, tag)) since = null
  }
  return since
}

const hasTag = (value: unknown, tag: string) => Array.isArray(value) && value.includes(tag)
