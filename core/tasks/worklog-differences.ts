import { READ_LAG_MS } from './observe.ts'
import { seenAs, type TimeEntry, timeChangeValues, toldAt } from './time-entry.ts'

type EntryDifference = { before: TimeEntry | null; after: TimeEntry }

/** What a fresh listing of time entries shows beside what is stored of the same span. */
export type WorklogDifferences = {
  /** Listed and not stored; one that was stored under another day is not among the stored: `load` tells. */
  added: EntryDifference[]
  /** Listed otherwise than stored: edited, moved to another task, stopped, or there again. */
  changed: EntryDifference[]
  /** To be recorded, though nothing happened that a delivery tells of: running timers, new texts and tags. */
  silent: EntryDifference[]
  /** Stored and not listed. Only candidates: a listing may leave out what it should not, so a single read decides. */
  gone: TimeEntry[]
}

export type ListedSpan = {
  /** The span that was listed, by the beginning of entries: from `from` to before `until` (ms since 1970). */
  from: number
  until: number
  /** When the listing began, on ClickUp's clock. */
  asOf: number
  /** Whose entries it does not carry, because our token may not see them. */
  refused?: readonly string[]
}

/** Compares stored entries with a listing of the same span. What was told after the listing began is left alone. */
export function worklogDifferences(
  stored: readonly TimeEntry[],
  listed: readonly TimeEntry[],
  { from, until, asOf, refused = [] }: ListedSpan,
): WorklogDifferences {
  const differences: WorklogDifferences = { added: [], changed: [], silent: [], gone: [] }
  const byId = new Map(stored.flatMap((entry) => idsOf(entry).map((id) => [id, entry] as const)))
  const aliased = aliases(stored, listed)
  const isIn = ({ startAt }: TimeEntry) => startAt !== null && startAt >= from && startAt < until
  for (const one of listed) {
    const alias = aliased.get(one.entryId)
    const after = alias === undefined ? one : { ...one, seen: [...one.seen, ...alias.seen] }
    const before = byId.get(one.entryId) ?? alias ?? null
    if (!isIn(after) || (before !== null && toldAt(before) > toldAt(after))) continue
    if (before !== null && alias === undefined && !isOtherwise(before, after)) continue
    const kind = !isTold(before, after) ? 'silent' : before === null ? 'added' : 'changed'
    differences[kind].push({ before, after })
  }
  const seen = new Set([...listed, ...aliased.values()].map(({ entryId }) => entryId))
  const isRefused = ({ userId }: TimeEntry) => refused.length > 0 && (userId === null || refused.includes(userId))
  differences.gone = stored.filter(
    (entry) =>
      !entry.deleted &&
      isIn(entry) &&
      !isRefused(entry) &&
      toldAt(entry) < asOf - READ_LAG_MS &&
      !idsOf(entry).some((id) => seen.has(id)),
  )
  return differences
}

/**
 * Entries that are listed under another id than the deliveries named: by the listed id. A delivery that was captured names two
 * ids, so an entry that only deliveries told of, that is not listed, and that has a twin which is, is that twin.
 */
function aliases(stored: readonly TimeEntry[], listed: readonly TimeEntry[]): Map<string, TimeEntry> {
  const storedIds = new Set(stored.flatMap(idsOf))
  const listedIds = new Set(listed.map(({ entryId }) => entryId))
  const twins = new Map(listed.filter(({ entryId }) => !storedIds.has(entryId)).map((one) => [twinKey(one), one]))
  const found = stored.flatMap((entry): [string, TimeEntry][] => {
    const isToldOnly = !entry.deleted && entry.seen.every(({ source }) => source === 'webhook')
    const twin = isToldOnly && !idsOf(entry).some((id) => listedIds.has(id)) ? twins.get(twinKey(entry)) : undefined
    if (twin === undefined) return []
    twins.delete(twinKey(entry))
    return [[twin.entryId, { ...entry, seen: entry.seen.length > 0 ? entry.seen : seenAs([entry.entryId], 'webhook') }]]
  })
  return new Map(found)
}

const twinKey = ({ taskId, startAt, endAt, durationMs }: TimeEntry) => `${taskId} ${startAt} ${endAt} ${durationMs}`

const idsOf = ({ entryId, seen }: TimeEntry) => [entryId, ...seen.map(({ id }) => id)]

/** What a listing says beyond the facts. It is not compared where it says nothing. */
const DETAILS = ['userId', 'userName', 'description', 'billable', 'tags', 'source'] as const

function isOtherwise(before: TimeEntry, after: TimeEntry): boolean {
  if (isTold(before, after) || before.running !== after.running || before.taskId !== after.taskId) return true
  if (before.startAt !== after.startAt) return true
  return DETAILS.some((key) => after[key] !== undefined && JSON.stringify(after[key]) !== JSON.stringify(before[key]))
}

/** Whether a delivery would tell of it: then it is a change of a task. */
const isTold = (before: TimeEntry | null, after: TimeEntry): boolean => timeChanges(before, after).length > 0

export type TimeChange = { taskId: string; values: ReturnType<typeof timeChangeValues> }

/**
 * The `time_spent` changes that lead from one state of an entry to another: none, one, or two where it moved to another task,
 * which has it deleted here and made there. Time without a task is no task's change.
 */
export function timeChanges(before: TimeEntry | null, after: TimeEntry | null): TimeChange[] {
  const same = before === null || after === null || before.taskId === after.taskId
  const steps = same
    ? [{ taskId: after?.taskId ?? before?.taskId ?? null, values: timeChangeValues(before, after) }]
    : [
        { taskId: before.taskId, values: timeChangeValues(before, null) },
        { taskId: after.taskId, values: timeChangeValues(null, after) },
      ]
  return steps.flatMap(({ taskId, values }) =>
    taskId === null || isSame(values.before, values.after) ? [] : [{ taskId, values }],
  )
}

/** The id is not compared: a delivery and a listing may call one entry by two names. */
const isSame = (before: unknown, after: unknown) => withoutId(before) === withoutId(after)
const withoutId = (value: unknown) => JSON.stringify(value, (key, each: unknown) => (key === 'id' ? undefined : each))
