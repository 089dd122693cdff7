import * as z from 'zod'
import { stretchSchema } from './stretch.ts'

/** Times are milliseconds since 1970. One item of the state table each: `connection#backfill`, `connection#sweep`, `connection#census`. */
const common = {
  version: z.number(),
  /** Names this run; what goes on with another one ends. */
  run: z.string(),
  startedAt: z.number(),
  updatedAt: z.number(),
  /** Null while it goes on. */
  endedAt: z.number().nullable(),
  /** Until when a worker has it; another one leaves it alone. */
  heldUntil: z.number(),
  /** Calls to ClickUp so far. */
  calls: z.number(),
  /** Messages to the consumer so far: their numbers are 1 to this (see `process/found/parts.ts`). */
  parts: z.number(),
  /** For people: why it waits, else its remark; null when all is well. */
  note: z.string().nullable(),
  /** What it could not do, or why it ended before its time. */
  remark: z.string().nullable().default(null),
  /** Since when it waits for the consumer; 0 while it does not. */
  settlingSince: z.number(),
}

/** What every run begins with. */
export const begun = (before: { version: number } | null, run: string, now: number) => ({
  version: before?.version ?? 0,
  run,
  ...{ startedAt: now, updatedAt: now, endedAt: null, heldUntil: 0, calls: 0, parts: 0 },
  ...{ note: null, remark: null, settlingSince: 0 },
})

/** What of the spaces is still to be listed, and what was there before. */
const placesSchema = z.object({
  spaceIds: z.array(z.string()),
  listed: z.boolean(),
  folders: z.array(z.object({ spaceId: z.string(), folderId: z.string() })).optional(),
})

/** People whose time is still to be listed. */
const peopleSchema = z
  .object({ userIds: z.array(z.string()), singly: z.boolean() })
  .nullable()
  .optional()

export const backfillRunSchema = z.object({
  ...common,
  phase: z.enum(['places', 'tasks', 'timeEntries', 'settling', 'done', 'stopped']),
  /** How far back; null for everything there is. */
  days: z.number().nullable(),
  publish: z.boolean(),
  /** Tasks that were updated from here on, up to `until`. */
  since: z.number(),
  until: z.number(),
  places: placesSchema,
  /** What of the tasks is still to be listed: the cursor. */
  stretches: z.array(stretchSchema),
  pages: z.number(),
  tasks: z.number(),
  timeEntries: z.number(),
  /** Ids of the last page whose times in status were not asked for yet. */
  unasked: z.array(z.string()),
  /** Whether the workspace tells times in status; null while that is not known. */
  timeInStatus: z.boolean().nullable(),
  /** Time entries are read month by month, backwards: those that began before this are still to come. */
  timeEntriesBefore: z.number(),
  /** Of the current month. */
  people: peopleSchema,
  /** Months in a row without any. */
  emptyMonths: z.number(),
})
export type BackfillRun = z.infer<typeof backfillRunSchema>

const repairedSchema = z.object({
  tasks: z.number(),
  changes: z.number(),
  timeEntries: z.number(),
  places: z.number(),
})

export const sweepRunSchema = z.object({
  ...common,
  phase: z.enum(['places', 'horizon', 'tasks', 'timeEntries', 'settling', 'done', 'stopped']),
  /** When its first message was sent: what was queued before is heard when that has been worked off. */
  sentAt: z.number(),
  /** All that was delivered before this has been heard of, as far as is known. */
  heardUntil: z.number(),
  /** What happened later is left to the next sweep: its delivery may yet come. 0 while it is not known. */
  horizon: z.number(),
  /** The watermark when it began; before the first one, when the connection was made: the ledger begins there. */
  since: z.number(),
  places: placesSchema,
  stretches: z.array(stretchSchema),
  pages: z.number(),
  people: peopleSchema,
  /** When the listing of tasks began; 0 while it has not. */
  listedAt: z.number().default(0),
  /** When the last listings began that came to their end and were worked off, the latest last: what differed then was seen. */
  listings: z.array(z.number()).default([]),
  /** Tasks that show something that is too young to be a change. */
  suspects: z.array(z.string()),
  /** Everything recoverable before this time is in the ledger; 0 while nothing is promised. */
  watermark: z.number(),
  /** The last sweep that came to its end. */
  last: z
    .object({ startedAt: z.number(), endedAt: z.number(), repaired: repairedSchema, calls: z.number() })
    .nullable(),
  /** Changes repaired in each of the last hours, by hours since 1970: what is usual. */
  byHour: z.record(z.string(), z.number()),
})
export type SweepRun = z.infer<typeof sweepRunSchema>

export const censusRunSchema = z.object({
  ...common,
  phase: z.enum(['lists', 'settling', 'done', 'halted', 'stopped']),
  /** Ids of the lists that are still to be counted, the current one first. */
  lists: z.array(z.string()),
  /** Where the current list stands: what of it was seen so far. */
  page: z.number(),
  archived: z.boolean(),
  /** Marks of them (see `seen.ts`). */
  seen: z.array(z.string()),
  /** How many that it did not show were asked for one by one; null while its pages are read. */
  asked: z.number().nullable().optional(),
  /** Of those, what is neither closed nor archived, and what is not archived. */
  openTasks: z.number(),
  livingTasks: z.number(),
  /** Lists and tasks that were counted so far. */
  countedLists: z.number(),
  countedTasks: z.number(),
  /** What single reads said of tasks that a list did not show, and how many showed something that was not known. */
  deleted: z.number(),
  outOfSight: z.number(),
  there: z.number(),
  changed: z.number(),
  /** Found to be deleted in this run and held back until it is known that they are few. */
  held: z.array(z.object({ id: z.string(), observedAt: z.number() })),
  /** Somebody has looked at what is held back and says that it was deleted, however much it is. */
  believed: z.boolean().optional(),
  /** Lists in which ClickUp counts otherwise than it lists. */
  differing: z.array(z.object({ listId: z.string(), counted: z.number(), listed: z.number() })),
})
export type CensusRun = z.infer<typeof censusRunSchema>
