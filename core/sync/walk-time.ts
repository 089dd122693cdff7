import { entryPresence } from '../clickup/entry-presence.ts'
import { listTimeEntries } from '../clickup/list-time-entries.ts'
import type { FoundTime } from '../process/found/found.ts'
import type { TimeEntry } from '../tasks/time-entry.ts'
import { worklogDifferences } from '../tasks/worklog-differences.ts'
import type { Fault } from '../upstream/fault.ts'
import { loadMembers } from './members.ts'
import type { SyncServices } from './services.ts'
import { inSight, withTasks } from './tasks-of-time.ts'

export type TimeWalk =
  | { kind: 'listed'; time: FoundTime; entries: number; observedAt: number }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }
  /** Time tracking is refused: noted, and gone on without. */
  | { kind: 'refused'; reason: string }

/** So many entries that are not listed any more are asked for one by one: more mean that something else is wrong. */
const MOST_GONE = 25
/** So often it is others' turn. */
const TURN_MS = 15 * 60_000

/**
 * Lists the time entries of all members that began within a span (ms since 1970, at most a month), and compares them with
 * what is stored. That one is not listed only nominates it: a single read decides whether it was deleted.
 */
export async function walkTime(
  span: { from: number; until: number },
  { compareGone }: { compareGone: boolean },
  services: SyncServices,
): Promise<TimeWalk> {
  const { clickup, connection, worklog, state, metrics, log } = services
  const record = await services.record()
  const members = await loadMembers(state, connection.name)
  if (record === null || members === null) return { kind: 'refused', reason: 'the members were not listed yet' }
  const userIds = members.members.map(({ id }) => id)
  const listing = await listTimeEntries(clickup, { workspaceId: record.workspaceId, ...span, userIds })
  if (listing.kind === 'gone' || listing.kind === 'noAccess')
    return { kind: 'refused', reason: 'the token may not see time entries' }
  if (listing.kind === 'invalid') return { kind: 'refused', reason: `time entries: ${listing.reason}` }
  if (listing.kind !== 'ok') return { kind: 'fault', fault: listing }
  const { broken, refused } = listing.value
  if (broken > 0) metrics.count('AnswersUnreadable', broken)
  if (refused.length > 0) log.info('Time of some people is not to be seen', { people: refused.length })
  const stored = await worklog.entriesFrom(connection.name, span)
  const asOf = listing.observedAt
  const placed = await withTasks(listing.value.entries, stored, services)
  if (placed.kind === 'fault') return placed
  const { entries } = placed
  const { added, changed, silent, gone } = worklogDifferences(stored, entries, { ...span, asOf, refused })
  const differing = []
  for (const each of [...added, ...changed, ...silent]) {
    // It may be stored under another day.
    const before = each.before ?? (await worklog.load(connection.name, each.after.entryId))
    differing.push({ before, after: each.after })
  }
  const decided = compareGone
    ? await decide(await inSight(gone, services), record.workspaceId, services)
    : { kind: 'decided' as const, gone: [] }
  if (decided.kind === 'fault') return decided
  return { kind: 'listed', time: { differing, gone: decided.gone, asOf }, entries: entries.length, observedAt: asOf }
}

type Decided =
  | { kind: 'decided'; gone: TimeEntry[] }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }

async function decide(candidates: readonly TimeEntry[], workspaceId: string, services: SyncServices): Promise<Decided> {
  const gone: TimeEntry[] = []
  // Others the next time: the first ones may stay candidates for ever.
  const start =
    candidates.length === 0 ? 0 : (Math.floor(services.clock.now() / TURN_MS) * MOST_GONE) % candidates.length
  const turn = candidates.length <= MOST_GONE ? candidates : [...candidates.slice(start), ...candidates.slice(0, start)]
  for (const entry of turn.slice(0, MOST_GONE)) {
    const presence = await entryPresence(services.clickup, { workspaceId, entry })
    switch (presence.kind) {
      case 'gone':
        gone.push(entry)
        break
      case 'present':
      case 'unknown':
        break
      default:
        return { kind: 'fault', fault: presence }
    }
  }
  return { kind: 'decided', gone }
}
