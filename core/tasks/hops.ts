import * as z from 'zod'
import type { Change } from '../ledger/change.ts'
import { canonical, type Json, jsonSchema } from '../platform/json.ts'

/**
 * A hop that nobody has told of: a change says that a field was `value` before it, and the ledger had last heard that it was
 * `was`. It happened after `from` and before `to`; of two delivered changes that enclose a lost one, this is its trace.
 */
export const hopSchema = z.object({
  key: z.string(),
  was: jsonSchema,
  value: jsonSchema,
  from: z.number(),
  to: z.number(),
  /** When it was first to be seen that something is missing: by a sweep, or by the change that encloses it. */
  openSince: z.number().default(0),
})
export type Hop = z.infer<typeof hopSchema>

/** Fields of which a delivery says the old value in the same words as the new one of the delivery before. */
const TOLD_BOTH_WAYS = new Set([
  'status',
  'priority',
  'name',
  'due_date',
  'start_date',
  'time_estimate',
  'points',
  'section_moved',
])

/** More say that something else is wrong with it. */
const MOST_HOPS = 20

type Told = { key: string; before: Json; after: Json; at: number }

/** What a change says of a field on either side; `null` for those that tell one side only, or none that can be compared. */
function toldBy({ resource, field, before, after, at, origin }: Change): Told | null {
  if (resource.kind !== 'task' || origin !== 'webhook' || !TOLD_BOTH_WAYS.has(field)) return null
  if (field !== 'section_moved') return { key: field, before, after, at }
  const [was, is] = [listOf(before), listOf(after)]
  return was === null || is === null ? null : { key: 'list', before: was, after: is, at }
}

function listOf(place: Json): string | null {
  const list = z.looseObject({ list: z.looseObject({ id: z.string() }) }).safeParse(place)
  return list.success ? list.data.list.id : null
}

/**
 * The hops that are open when a change is accounted for, given what was accounted of its field before. One that comes late and
 * lies within a hop closes it, or leaves what is still missing on either side of it.
 */
export function hopsAfter(
  hops: readonly Hop[],
  change: Change,
  accounted: { value: Json; at: number; openSince: number } | undefined,
): readonly Hop[] {
  const told = toldBy(change)
  if (told === null) return hops
  const { key, before, after, at } = told
  const around = hops.find((hop) => hop.key === key && hop.from < at && at < hop.to)
  if (around !== undefined) {
    const left = { ...around, value: before, to: at }
    const right = { ...around, was: after, from: at }
    return [...hops.filter((hop) => hop !== around), ...[left, right].filter(isHop)]
  }
  if (accounted === undefined || at <= accounted.at) return hops
  const hop = { key, was: accounted.value, value: before, from: accounted.at, to: at, openSince: accounted.openSince }
  return isHop(hop) ? [...hops, hop].slice(-MOST_HOPS) : hops
}

const isHop = ({ was, value }: Hop): boolean => canonical(was) !== canonical(value)
