import { canonical, jsonSchema } from '../platform/json.ts'
import type { Sighting, TimeEntry } from './time-entry.ts'

/** What only some tellings carry. Of each the newest telling that has it stands. */
const DETAILS = ['userId', 'userName', 'description', 'billable', 'tags', 'source'] as const
type Detail = (typeof DETAILS)[number]

/** Where an entry is found by its ids, the most trusted first: a listing's id is the one that can be asked for. */
const TRUST: readonly Sighting['source'][] = ['workspace', 'task', 'webhook']

/**
 * What two tellings of one entry say together. Commutative, associative and idempotent, so that tellings may come in any order
 * and any number of times: the facts are those of the greater revision, each detail is that of the greatest revision
 * which carries it, and the ids and sources are all of both.
 */
export function mergeEntries(one: TimeEntry, other: TimeEntry): TimeEntry {
  const [a, b] = [withSightings(one), withSightings(other)]
  const [newer, older] = isNewer(a, b) ? [a, b] : [b, a]
  const seen = sightingsOf(newer, older)
  const told: Record<string, string> = {}
  const detailed: Partial<TimeEntry> = {}
  for (const detail of DETAILS) {
    const [by, at] = bearerOf(newer, older, detail)
    if (by === null) continue
    Object.assign(detailed, { [detail]: by[detail] })
    if (at !== defaultTold(newer.revision, seen, detail)) told[detail] = at
  }
  return {
    entryId: seen[0]?.id ?? newer.entryId,
    taskId: newer.taskId,
    startAt: newer.startAt,
    endAt: newer.endAt,
    durationMs: newer.durationMs,
    running: newer.running,
    deleted: newer.deleted,
    changedAt: newer.changedAt,
    revision: newer.revision,
    userId: null,
    ...detailed,
    seen,
    ...(Object.keys(told).length === 0 ? {} : { told }),
  }
}

/** Entries of earlier versions do not say where they were seen: only deliveries told of them. */
const withSightings = (entry: TimeEntry): TimeEntry =>
  entry.seen.length > 0 ? entry : { ...entry, seen: [{ id: entry.entryId, source: 'webhook' }] }

function isNewer(a: TimeEntry, b: TimeEntry): boolean {
  if (a.revision !== b.revision) return a.revision > b.revision
  return factsText(a) >= factsText(b)
}

const factsText = ({ taskId, startAt, endAt, durationMs, running, deleted, changedAt }: TimeEntry) =>
  canonical([taskId, startAt, endAt, durationMs, running, deleted, changedAt])

/** Which of the two a detail is from, and that telling's rank; `null` when neither carries it. */
function bearerOf(a: TimeEntry, b: TimeEntry, detail: Detail): [TimeEntry, string] | [null, ''] {
  const bearers = [a, b].filter((each) => each[detail] !== undefined && each[detail] !== null)
  const [first, second] = bearers
  if (first === undefined) return [null, '']
  if (second === undefined) return [first, rankOf(first, detail)]
  const [x, y] = [rankOf(first, detail), rankOf(second, detail)]
  const firstStands = x === y ? detailText(first, detail) >= detailText(second, detail) : x > y
  return firstStands ? [first, x] : [second, y]
}

const detailText = (entry: TimeEntry, detail: Detail) => canonical(jsonSchema.parse(entry[detail]))

const rankOf = (entry: TimeEntry, detail: Detail): string =>
  entry.told?.[detail] ?? defaultTold(entry.revision, entry.seen, detail)

/** A delivery names who wrote the time down, which need not be whose it is: any listing knows better, however old. */
function defaultTold(revision: string, seen: readonly Sighting[], detail: Detail): string {
  if (detail !== 'userId' && detail !== 'userName') return revision
  return `${seen.some(({ source }) => source !== 'webhook') ? 'listed' : 'a delivery'}#${revision}`
}

function sightingsOf(a: TimeEntry, b: TimeEntry): Sighting[] {
  const all = new Map([...a.seen, ...b.seen].map((each) => [`${TRUST.indexOf(each.source)}#${each.id}`, each]))
  return [...all].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, each]) => each)
}
