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
  | {
      kind: 'listed'
      time: FoundTime
      entries: number
      observedAt: number
      /** Who is still to be asked for; null when that was all. */
      left: PeopleLeft | null
    }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }> }
  /** Time tracking is refused: noted, and gone on without. */
  | { kind: 'refused'; reason: string }

/** People whose time is still to be listed, and whether they have to be asked for one by one. */
export type PeopleLeft = { userIds: string[]; singly: boolean }

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
  { compareGone, people }: { compareGone: boolean; people: PeopleLeft | null },
  services: SyncServices,
): Promise<TimeWalk> {
  const { clickup, connection, worklog, state, metrics, log } = services
  const record = await services.record()
  const members = await loadMembers(state, connection.name)
  if (record === null || members === null) return { kind: 'refused', reason: 'the members were not listed yet' }
  const all = [...new Set([record.userId, ...members.members.map(({ id }) => id)])]
  const { userIds, singly } = people ?? { userIds: all, singly: false }
  const listing = await listTimeEntries(clickup, { workspaceId: record.workspaceId, ...span, userIds, singly })
  if (listing.kind === 'gone' || listing.kind === 'noAccess')
    return { kind: 'refused', reason: 'the token may not see time entries' }
  if (listing.kind === 'invalid') return { kind: 'refused', reason: `time entries: ${listing.reason}` }
  if (listing.kind !== 'ok') return { kind: 'fault', fault: listing }
  const { broken, refused, left } = listing.value
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
  // Of people who were not asked for nothing can be missing: whoever has left the workspace is among them.
  const listed = new Set(userIds.filter((id) => !left.includes(id)))
  const isWhole = people === null && left.length === 0
  const candidates = gone.filter(({ userId }) => (userId === null ? isWhole : listed.has(userId)))
  const decided = compareGone
    ? await decide(await inSight(candidates, services), { workspaceId: record.workspaceId, asOf }, services)
    : []
  return {
    kind: 'listed',
    time: { differing, gone: decided, asOf },
    entries: entries.length,
    observedAt: asOf,
    left: left.length === 0 ? null : { userIds: left, singly: listing.value.singly },
  }
}

async function decide(
  candidates: readonly TimeEntry[],
  { workspaceId, asOf }: { workspaceId: string; asOf: number },
  services: SyncServices,
): Promise<TimeEntry[]> {
  const gone: TimeEntry[] = []
  for (const entry of inTurn(candidates, asOf)) {
    const presence = await entryPresence(services.clickup, { workspaceId, entry })
    switch (presence.kind) {
      case 'gone':
        gone.push(entry)
        break
      case 'present':
      case 'unknown':
        break
      default:
        // The next sweep goes on; begun anew, this would be the same calls again, and more than there are in a minute.
        return gone
    }
  }
  return gone
}

/** As many as are asked for at once, others from one quarter of an hour to the next: what is there keeps nothing from its turn. */
function inTurn(candidates: readonly TimeEntry[], asOf: number): TimeEntry[] {
  const first = (Math.floor(asOf / TURN_MS) * MOST_GONE) % Math.max(1, candidates.length)
  return [...candidates.slice(first), ...candidates.slice(0, first)].slice(0, MOST_GONE)
}
