import { segment } from '../clickup/client.ts'
import { taskAnswerSchema } from '../clickup/task.ts'
import { isGone } from '../tasks/snapshot.ts'
import type { TimeEntry } from '../tasks/time-entry.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'

type Services = Pick<SyncServices, 'clickup' | 'connection' | 'tasks'>
type Placed =
  | { kind: 'placed'; entries: TimeEntry[] }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }

/**
 * Listed entries with the tasks that they belong to. Of an entry whose task is deleted ClickUp tells none, as if it had been
 * taken off the task: that it was, is believed only of a task that is there. A single read decides.
 *
 * @param stored what was known of entries of the same span
 */
export async function withTasks(
  listed: readonly TimeEntry[],
  stored: readonly TimeEntry[],
  { clickup, connection, tasks }: Services,
): Promise<Placed> {
  const before = new Map(stored.flatMap((entry) => (entry.taskId === null ? [] : [[entry.entryId, entry.taskId] as const])))
  const taskOf = ({ entryId, taskId }: TimeEntry) => (taskId === null ? before.get(entryId) : undefined)
  const ids = [...new Set(listed.flatMap((entry) => taskOf(entry) ?? []))]
  if (ids.length === 0) return { kind: 'placed', entries: [...listed] }
  const known = await tasks.load(connection.name, ids)
  const there = new Set<string>()
  for (const id of ids) {
    const snapshot = known.get(id)?.snapshot ?? null
    if (snapshot !== null && isGone(snapshot.state)) continue
    const answer = await clickup.get(`/task/${segment(id)}`, taskAnswerSchema)
    switch (answer.kind) {
      case 'ok':
        there.add(id)
        break
      case 'gone':
      case 'noAccess':
      case 'invalid':
        break
      default:
        return { kind: 'fault', fault: answer }
    }
  }
  const entries = listed.map((entry) => {
    const taskId = taskOf(entry)
    return taskId === undefined || there.has(taskId) ? entry : { ...entry, taskId }
  })
  return { kind: 'placed', entries }
}

/** Without those of tasks that are out of sight: their time is, too, and nobody can say what became of it. */
export async function inSight(entries: readonly TimeEntry[], { connection, tasks }: Services): Promise<TimeEntry[]> {
  const ids = [...new Set(entries.flatMap(({ taskId }) => taskId ?? []))]
  const known = ids.length === 0 ? new Map() : await tasks.load(connection.name, ids)
  return entries.filter(({ taskId }) => known.get(taskId ?? '')?.snapshot?.state !== 'outOfSight')
}
