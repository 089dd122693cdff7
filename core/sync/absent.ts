import { segment } from '../clickup/client.ts'
import { observationOf, taskAnswerSchema } from '../clickup/task.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import type { Seen } from '../tasks/snapshot.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'
import { tasksOfList } from './tasks-of-list.ts'

export type Absent = {
  /** All that were asked for, whatever came of it. */
  asked: string[]
  deleted: string[]
  outOfSight: string[]
  there: Seen[]
  /** Why it ended before its time; what was learnt until then stands. */
  fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> | null
}

/** Of one list so many are asked for; what is left is absent tomorrow, too. */
export const MOST_READS = 60

/** What became of the tasks that a list should show and did not: each is asked for by itself, at most so many. */
export async function absentOf(
  listId: string,
  seen: ReadonlySet<string>,
  most: number,
  services: SyncServices,
): Promise<Absent> {
  const { clickup, clock, connection } = services
  const absent: Absent = { asked: [], deleted: [], outOfSight: [], there: [], fault: null }
  const startedAt = clock.now()
  for await (const { id, stored } of tasksOfList(listId, services)) {
    // Read while the list was paged, or made since: not to be seen in it is no sign of anything.
    const isYoung = (stored.snapshot?.observedAt ?? 0) > startedAt - READ_LAG_MS
    if (seen.has(id) || isYoung) continue
    if (absent.asked.length >= most) break
    const answer = await clickup.get(`/task/${segment(id)}`, taskAnswerSchema)
    switch (answer.kind) {
      case 'ok': {
        const one = observationOf(answer.value, answer.observedAt, connection.storeEmails)
        if (one.kind === 'seen') absent.there.push({ id, archived: one.archived, fields: one.fields })
        break
      }
      case 'gone':
        absent.deleted.push(id)
        break
      case 'noAccess':
        absent.outOfSight.push(id)
        break
      case 'invalid':
        // It answered what nobody expects: that says nothing of it.
        break
      default:
        return { ...absent, fault: answer }
    }
    absent.asked.push(id)
  }
  return absent
}
