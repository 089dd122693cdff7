import * as z from 'zod'
import type { Change } from '../ledger/change.ts'
import type { Json } from '../platform/json.ts'
import { timePart } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

/** Where an entry was seen, and under which id: a delivery may name it by another one than the listings do. */
const sightingSchema = z.object({ id: z.string(), source: z.enum(['webhook', 'workspace', 'task']) })
export type Sighting = z.infer<typeof sightingSchema>

/**
 * One time entry as last told, one shape whether it was made, edited or deleted, and whoever told of it: a delivery, the
 * listing of the workspace, or that of its task. Times are milliseconds since 1970. What came later has a default, so that
 * entries of earlier versions can be read.
 */
export const timeEntrySchema = z.object({
  entryId: z.string(),
  /** `null` for time that belongs to no task. */
  taskId: z.string().nullable(),
  /** Whose time it is; as a delivery tells it, who wrote it down, until a listing says. */
  userId: z.string().nullable(),
  userName: z.string().optional(),
  /** `null` for time that was written down without saying when it was. */
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  /** `null` while the timer runs. */
  durationMs: z.number().nullable(),
  running: z.boolean().default(false),
  description: z.string().optional(),
  billable: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  /** By what it was written down, in ClickUp's words. */
  source: z.string().optional(),
  deleted: z.boolean(),
  /** When the change was made that told of it; of a listing, when ClickUp says that it was last written. */
  changedAt: z.number(),
  /** Of two tellings the greater one stands, in whatever order they come. Begins with the time for which it holds. */
  revision: z.string(),
  seen: z.array(sightingSchema).default([]),
  /** Of each detail the telling that it is from, where that is not the one that stands. */
  told: z.record(z.string(), z.string()).optional(),
})
/** The same as a table holds it. */
export const timeEntryItem = versioned(timeEntrySchema)
export type TimeEntry = z.infer<typeof timeEntrySchema>

/** Values of a `time_spent` change, as `valuesOf` in core/clickup/values.ts makes them of a delivery. */
const toldSchema = z.object({
  id: z.string(),
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  durationMs: z.number().nullable(),
  intervalId: z.string().optional(),
})

export type ToldEntry =
  | { kind: 'entry'; entry: TimeEntry }
  /** It tells of an entry that cannot be, and why. */
  | { kind: 'broken'; reason: string }
  /** It tells of none. */
  | { kind: 'none' }

/** What a change tells of a time entry. A deletion has no `after`. */
export function toldEntry(change: Change): ToldEntry {
  if (change.resource.kind !== 'task' || change.field !== 'time_spent') return { kind: 'none' }
  const after = toldSchema.safeParse(change.after)
  const told = after.success ? after : toldSchema.safeParse(change.before)
  if (!told.success) return { kind: 'none' }
  const { id, intervalId = id, startAt, endAt, durationMs } = told.data
  const running = isRunning({ startAt, endAt, durationMs })
  const source = change.origin === 'webhook' ? 'webhook' : 'workspace'
  const entry: TimeEntry = {
    entryId: id,
    taskId: change.resource.id,
    userId: change.actor?.id ?? null,
    ...(change.actor?.name ? { userName: change.actor.name } : {}),
    startAt,
    endAt,
    durationMs: running ? null : durationMs,
    running,
    deleted: !after.success,
    changedAt: change.at,
    revision: revisionOf(change.at, { deleted: !after.success, by: change.id }),
    seen: seenAs([id, intervalId], source),
  }
  const reason = faultOf(entry, change.at)
  return reason === null ? { kind: 'entry', entry } : { kind: 'broken', reason }
}

/** The entry that a change tells of; `null` for other changes, and for an entry that cannot be. */
export function timeEntryOf(change: Change): TimeEntry | null {
  const told = toldEntry(change)
  return told.kind === 'entry' ? told.entry : null
}

/** A timer that runs has begun and has no end, and a listing shows its time below zero. */
export const isRunning = ({ startAt, endAt, durationMs }: Pick<TimeEntry, 'startAt' | 'endAt' | 'durationMs'>) =>
  startAt !== null && endAt === null && (durationMs ?? 0) <= 0

/**
 * A revision: the time for which a telling holds, then whether it lives, then who tells it. Of two tellings of one moment the
 * living one stands, because an entry that moves to another task is deleted there and made here at once.
 */
export const revisionOf = (at: number, { deleted, by }: { deleted: boolean; by: string }) =>
  `${timePart(at)}#${deleted ? 'deleted' : 'living'}#${by}`

/** The time for which a telling holds. */
export const toldAt = ({ revision }: Pick<TimeEntry, 'revision'>): number => Number(revision.split('#')[0])

export const seenAs = (ids: readonly string[], source: Sighting['source']): Sighting[] =>
  [...new Set(ids)].sort().map((id) => ({ id, source }))

/** Times are rounded here and there, but never by more. */
const SLACK_MS = 60_000
/** ClickUp is not as old as this, and nobody plans time so long ahead. */
const EARLIEST_MS = Date.UTC(2000, 0, 1)
const AHEAD_MS = 400 * 86_400_000

/** Why an entry cannot be, as one phrase; `null` for one that can. `asOf`: when it was told (ms since 1970). */
export function faultOf(entry: TimeEntry, asOf: number): string | null {
  const { startAt, endAt, durationMs, running } = entry
  const isSane = (at: number | null) => at === null || (at >= EARLIEST_MS && at <= asOf + AHEAD_MS)
  if (!isSane(startAt) || !isSane(endAt)) return 'its times are out of reach'
  if (running) return null
  if (durationMs === null || durationMs < 0) return 'it has no time'
  if (startAt === null || endAt === null) return null
  if (endAt < startAt) return 'it ends before it begins'
  if (Math.abs(endAt - startAt - durationMs) > SLACK_MS) return 'its time is not that between its beginning and its end'
  return null
}

/** An entry as a `time_spent` change tells it: the values that a delivery of the same change would have. */
const changeValue = (entry: TimeEntry | null): Json =>
  entry === null || entry.deleted || entry.running
    ? null
    : { id: entry.entryId, startAt: entry.startAt, endAt: entry.endAt, durationMs: entry.durationMs }

/** `before` and `after` of the `time_spent` change that leads from one to the other; a running timer counts as none. */
export const timeChangeValues = (before: TimeEntry | null, after: TimeEntry | null): { before: Json; after: Json } => ({
  before: changeValue(before),
  after: changeValue(after),
})
