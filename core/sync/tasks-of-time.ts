import { segment } from '../clickup/client.ts'
import { taskAnswerSchema } from '../clickup/task.ts'
import { isGone } from '../tasks/snapshot.ts'
import type { TimeEntry } from '../tasks/time-entry.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'

/** So many tasks are asked for; the others keep their time until the next time. */
const MOST_READS = 25

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
  const before = new Map(
    stored.flatMap((entry) => (entry.taskId === null ? [] : [[entry.entryId, entry.taskId] as const])),
  )
  const taskOf = ({ entryId, taskId }: TimeEntry) => (taskId === null ? before.get(entryId) : undefined)
  const ids = [...new Set(listed.flatMap((entry) => taskOf(entry) ?? []))]
  if (ids.length === 0) return { kind: 'placed', entries: [...listed] }
  const known = await tasks.load(connection.name, ids)
  const there = new Set<string>()
  const asked = ids.filter((id) => !isGone(known.get(id)?.snapshot?.state ?? 'present'))
  reading: for (const [i, id] of asked.slice(0, MOST_READS).entries()) {
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
        if (i === 0) return { kind: 'fault', fault: answer }
        // Begun anew, this would be the same calls again, and more than there are in a minute.
        break reading
    }
  }
  const entries = listed.map((entry) => {
    const taskId = taskOf(entry)
    return taskId === undefined || there.has(taskId) ? entry : { ...entry, taskId }
  })
  return { kind: 'placed', entries }
}

/** Without those of tasks that are deleted or out of sight: their time is, too, and nobody can say what became of it. */
export async function inSight(entries: readonly TimeEntry[], { connection, tasks }: Services): Promise<TimeEntry[]> {
  const ids = [...new Set(entries.flatMap(({ taskId }) => taskId ?? []))]
  const known = await tasks.load(connection.name, ids)
  return entries.filter(({ taskId }) => {
    const snapshot = known.get(taskId ?? '')?.snapshot ?? null
    return snapshot === null || !isGone(snapshot.state)
  })
}
