import * as z from 'zod'
import { resourceIdSchema } from '../../clickup/delivery.ts'
import { type DeliveryMessage, packFound } from '../../ingest/message.ts'
import { jsonSchema, parseJson } from '../../platform/json.ts'
import { seenSchema } from '../../tasks/snapshot.ts'
import { timeEntrySchema } from '../../tasks/time-entry.ts'

/** A list, folder or space as a listing shows it, in the terms of a look (`core/clickup/places.ts`). */
const placeSchema = z.object({
  kind: z.enum(['space', 'folder', 'list']),
  id: resourceIdSchema,
  /** Whether it is new since the places were last listed. */
  isNew: z.boolean(),
  /** With `state`: `present`, `outOfSight` or `deleted`. */
  fields: z.record(z.string(), jsonSchema),
})

/** A task that a census missed, and what a single read said of it. */
const missingSchema = z.object({
  id: resourceIdSchema,
  state: z.enum(['outOfSight', 'deleted']),
  observedAt: z.number(),
})

const timeSchema = z.object({
  /** As listed, with what was stored; the difference becomes a change of its task. */
  differing: z.array(z.object({ before: timeEntrySchema.nullable(), after: timeEntrySchema })),
  /** Entries that are not there any more. */
  gone: z.array(timeEntrySchema),
  asOf: z.number(),
})

/**
 * What a sweep, a census or a backfill has found in ClickUp and the consumer is to make of it: a message of our own on the
 * deliveries queue, because the consumer alone writes tasks and publishes. Times are milliseconds since 1970.
 */
const foundSchema = z.object({
  v: z.literal(1),
  origin: z.enum(['sweep', 'backfill']),
  /** Where it is crossed out when it has been worked off. */
  part: z.object({
    job: z.enum(['backfill', 'sweep', 'census']),
    run: z.string(),
    number: z.number(),
    /** A step that is repeated sends the same number again: only the latest of them is waited for. */
    sentAt: z.number(),
  }),
  /** Up to here everything had been accounted for when it was found: what was made since then is new. */
  since: z.number(),
  /** What happened later than this is left to its delivery. */
  until: z.number(),
  /** Backfill: whether every task is published. */
  publish: z.boolean(),
  observedAt: z.number(),
  /** What an answer of `observedAt` said of each. */
  tasks: z.array(seenSchema),
  missing: z.array(missingSchema),
  places: z.array(placeSchema),
  time: timeSchema.nullable(),
  /** Times in status by task id, as ClickUp answered with them; null where they were not asked for. */
  statusTimes: z.record(z.string(), z.unknown()).nullable(),
})
export type Found = z.infer<typeof foundSchema>
export type FoundPlace = z.infer<typeof placeSchema>
export type FoundMissing = z.infer<typeof missingSchema>
export type FoundTime = z.infer<typeof timeSchema>

/** What a message holds: its tasks first of all, and beside them whatever was found with them. */
export type Findings = Partial<Pick<Found, 'tasks' | 'missing' | 'places' | 'time' | 'statusTimes'>>

/** What all messages of one finding have in common. */
export type FoundContext = Pick<Found, 'origin' | 'since' | 'until' | 'publish' | 'observedAt'>

/** A page of a hundred tasks fits a few of these, and ten of them what Lambda takes in one event. */
const MAX_BYTES = 200 * 1024

/** Splits what was found so that every piece fits a message; one thing that is larger than all that goes alone. */
export function inPieces(findings: Findings): Findings[] {
  // Nothing is a message as well: it shows how far the queue has been worked off.
  const pieces: Findings[][] = [[]]
  let bytes = 0
  for (const one of oneByOne(findings)) {
    const size = Buffer.byteLength(JSON.stringify(one))
    if (bytes > 0 && bytes + size > MAX_BYTES) {
      pieces.push([])
      bytes = 0
    }
    pieces.at(-1)?.push(one)
    bytes += size
  }
  return pieces.map(together)
}

function* oneByOne({ tasks = [], missing = [], places = [], time, statusTimes }: Findings): Generator<Findings> {
  for (const task of tasks) yield { tasks: [task] }
  for (const task of missing) yield { missing: [task] }
  for (const place of places) yield { places: [place] }
  for (const entry of time?.differing ?? []) yield { time: { differing: [entry], gone: [], asOf: time?.asOf ?? 0 } }
  for (const entry of time?.gone ?? []) yield { time: { differing: [], gone: [entry], asOf: time?.asOf ?? 0 } }
  for (const [id, times] of Object.entries(statusTimes ?? {})) yield { statusTimes: { [id]: times } }
}

function together(some: readonly Findings[]): Findings {
  const times = some.flatMap(({ time }) => time ?? [])
  const statusTimes = some.flatMap((one) => one.statusTimes ?? [])
  return {
    tasks: some.flatMap(({ tasks }) => tasks ?? []),
    missing: some.flatMap(({ missing }) => missing ?? []),
    places: some.flatMap(({ places }) => places ?? []),
    time:
      times[0] === undefined
        ? null
        : {
            differing: times.flatMap(({ differing }) => differing),
            gone: times.flatMap(({ gone }) => gone),
            asOf: times[0].asOf,
          },
    statusTimes: statusTimes.length === 0 ? null : Object.assign({}, ...statusTimes),
  }
}

/** A message of one piece. */
export function packPiece(
  arrival: { connection: string; receivedAt: number },
  context: FoundContext,
  part: Found['part'],
  { tasks = [], missing = [], places = [], time = null, statusTimes = null }: Findings,
): DeliveryMessage {
  const found: Found = { v: 1, ...context, part, tasks: [...tasks], missing, places, time, statusTimes }
  return packFound({ ...arrival, slot: 'a' }, JSON.stringify(found))
}

/** `null` for what is none of ours. */
export const parseFound = (text: string): Found | null => foundSchema.safeParse(parseJson(text)).data ?? null
