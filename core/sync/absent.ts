import { segment } from '../clickup/client.ts'
import { observationOf, taskAnswerSchema } from '../clickup/task.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import type { Seen } from '../tasks/snapshot.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'
import { everInList } from './tasks-of-list.ts'

export type Absent = {
  /** All that were asked for, whatever came of it. */
  asked: string[]
  deleted: string[]
  /** Found to be deleted lately by a read for something else: nobody need have told of it. */
  ended: { id: string; observedAt: number }[]
  /** Out of sight since now: those that were are no news. */
  outOfSight: string[]
  there: Seen[]
  /** Why it ended before its time; what was learnt until then stands. */
  fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> | null
}

/** Of one list so many are asked for; what is left is absent tomorrow, too. */
export const MOST_READS = 60

/** A list is counted once a day: what was found longer ago was told by a census before. */
const DAY_MS = 86_400_000
const LATELY_MS = 2 * DAY_MS
/** So many fit a message; the others are found tomorrow, too. */
const MOST_ENDED = 1_000

/**
 * What became of the tasks that a list should show and did not: each is asked for by itself, at most `most`. What happened later
 * than `until` (ms since 1970) is left to its delivery. Those out of sight are asked for last: ClickUp tells nobody who does not
 * see a task that it was deleted, so this alone finds it once the list is in sight again.
 */
export async function absentOf(
  listId: string,
  seen: { has(id: string): boolean },
  { most, until }: { most: number; until: number },
  services: SyncServices,
): Promise<Absent> {
  const absent: Absent = { asked: [], deleted: [], ended: [], outOfSight: [], there: [], fault: null }
  const startedAt = services.clock.now()
  const hidden: string[] = []
  for await (const { id, snapshot } of everInList(listId, services)) {
    const { state, observedAt } = snapshot
    if (seen.has(id)) continue
    if (state === 'deleted') {
      const isLately = observedAt > startedAt - LATELY_MS && observedAt <= until
      if (isLately && absent.ended.length < MOST_ENDED) absent.ended.push({ id, observedAt })
      continue
    }
    // Read while the list was paged, or made since: not to be seen in it is no sign of anything.
    if (observedAt > startedAt - READ_LAG_MS) continue
    if (state === 'outOfSight') {
      hidden.push(id)
      continue
    }
    if (absent.asked.length >= most) break
    const fault = await askFor(id, absent, services)
    if (fault !== null) return { ...absent, fault }
  }
  // Others each day, where they are more than one day's reads.
  const from = (Math.floor(startedAt / DAY_MS) * MOST_READS) % Math.max(hidden.length, 1)
  for (const id of [...hidden.slice(from), ...hidden.slice(0, from)].slice(0, most - absent.asked.length)) {
    // That it still is out of sight is noted nowhere.
    const fault = await askFor(id, { ...absent, outOfSight: [] }, services)
    if (fault !== null) return { ...absent, fault }
  }
  return absent
}

/** Notes what a single read says of a task; answers with what kept it from being asked for. */
async function askFor(id: string, absent: Absent, { clickup, connection }: SyncServices): Promise<Absent['fault']> {
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
      return answer
  }
  absent.asked.push(id)
  return null
}
