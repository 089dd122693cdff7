import * as z from 'zod'
import { changeSchema } from '../ledger/change.ts'
import { type Json, jsonSchema } from '../platform/json.ts'
import { versioned } from '../platform/versioned.ts'
import { factsOfSnapshot } from './facts.ts'
import { hopSchema } from './hops.ts'
import { isGone, type Snapshot } from './snapshot.ts'

/**
 * What the ledger has accounted for of one resource: per field (per element for assignees, tags and custom fields) the
 * latest value that a recorded change explains, and since when.
 *
 * `outbox` holds changes that a look has found and that are not yet in the ledger: written first, they survive a crash
 * between the look and the bus, and a second look waits for them.
 */
export const knownSchema = z.object({
  version: z.number(),
  /** `receivedAt` only of what came in long after it happened. */
  fields: z.record(z.string(), z.object({ value: jsonSchema, at: z.number(), receivedAt: z.number().optional() })),
  outbox: z.array(changeSchema),
  /** Since when the task's expansion is owed, because a change was published without; 0 when it is not. */
  owedSince: z.number().default(0),
  /** Whether it began with what was there: not so while changes of a task were published without it. */
  begun: z.boolean().default(true),
  /**
   * Differences that a sweep has seen and that are too young to be changes, because their deliveries may yet come: the value,
   * when it was first seen, and since when the field has differed, whatever its value was then.
   */
  suspects: z
    .record(z.string(), z.object({ value: jsonSchema, seenAt: z.number(), openSince: z.number().default(0) }))
    .default({}),
  /** When the task that it began with was last updated: what it showed includes all until then. `null` where that is not known. */
  begunAt: z.number().nullable().default(null),
  /** Whether it began with a change, and nobody has told of the making of the task yet: that may be lost. */
  unborn: z.boolean().default(false),
  /** What was passed over between two changes that were told. */
  hops: z.array(hopSchema).default([]),
  /** The latest time of a change that a sweep has made: a delivery that is older may tell of the same; 0 for none. */
  sweptUntil: z.number().default(0),
})
/** The same as a table holds it. */
export const knownItem = versioned(knownSchema)
export type Known = z.infer<typeof knownSchema>

/** The first knowledge of a resource: a baseline, older than every change, so that any change overrides it. */
export function baseline(facts: Map<string, Json>): Known {
  const fields = Object.fromEntries([...facts].map(([key, value]) => [key, { value, at: 0 }]))
  return {
    version: 0,
    fields,
    outbox: [],
    owedSince: 0,
    begun: true,
    begunAt: null,
    suspects: {},
    unborn: false,
    hops: [],
    sweptUntil: 0,
  }
}

/** What is known of a task that was never heard of: it is as it is seen. */
export const baselineOf = (task: Snapshot): Known => ({
  ...baseline(factsOfSnapshot(task)),
  begunAt: task.updatedAt,
})

/** Knowledge of a task: it begins with its first snapshot. One that is gone may never have shown a field. */
export const beginning = (task: Snapshot | null): Known => begunWith({ ...baseline(new Map()), begun: false }, task)

/** Knowledge that began without its task, with what the task shows now under whatever was told since. */
export function begunWith(known: Known, task: Snapshot | null): Known {
  if (known.begun || task === null || isGone(task.state)) return known
  const { fields, begunAt } = baselineOf(task)
  return { ...known, fields: { ...fields, ...known.fields }, begun: true, begunAt }
}
