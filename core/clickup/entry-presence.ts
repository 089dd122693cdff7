import type { TimeEntry } from '../tasks/time-entry.ts'
import type { Fault } from '../upstream/fault.ts'
import type { ClickUp } from './client.ts'
import { readTimeEntry } from './list-time-entries.ts'
import { readTaskTime } from './time-entries.ts'

export type EntryPresence =
  | { kind: 'present' | 'gone' }
  /** Nothing is known: its task may have gone out of sight, and its time with it. */
  | { kind: 'unknown' }
  | Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }>

/**
 * Decides of an entry that is not listed any more, though the time of its person is, whether it was deleted. To ask for it by
 * its id is not enough: that one may not see it is also what ClickUp says of one that is not there. Its task's time decides.
 */
export async function entryPresence(
  clickup: Pick<ClickUp, 'get'>,
  { workspaceId, entry }: { workspaceId: string; entry: TimeEntry },
): Promise<EntryPresence> {
  const read = await readTimeEntry(clickup, { workspaceId, entryId: entry.entryId })
  switch (read.kind) {
    case 'found':
    case 'broken':
      return { kind: 'present' }
    case 'gone':
    case 'noAccess':
      break
    case 'invalid':
      return { kind: 'unknown' }
    default:
      return read
  }
  // Time without a task is as visible as its person's, which was listed.
  if (entry.taskId === null) return { kind: 'gone' }
  const time = await readTaskTime(clickup, entry.taskId)
  switch (time.kind) {
    case 'ok': {
      const ids = new Set([entry.entryId, ...entry.seen.map(({ id }) => id)])
      const isThere = time.value.entries.some(({ entryId }) => ids.has(entryId))
      return { kind: isThere || time.value.broken > 0 ? 'present' : 'gone' }
    }
    case 'gone':
    case 'noAccess':
    case 'invalid':
      return { kind: 'unknown' }
    default:
      return time
  }
}
