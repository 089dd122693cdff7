import * as z from 'zod'
import { isLost, isOmitted } from '../ledger/cap.ts'
import { type Change, changeSchema } from '../ledger/change.ts'
import { canonical, type Json, jsonSchema } from '../platform/json.ts'
import { versioned } from '../platform/versioned.ts'
import { comparable } from './comparable.ts'
import { type Hop, hopSchema, hopsAfter } from './hops.ts'
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

/** Accounts for the making of a list, folder, space or goal: it is told once, whichever of its first events came first. */
export const BORN = 'born'

type Fact = { key: string; value: Json; at: number }

/** What a change explains. Fields of which nothing can be read back explain nothing. */
export function factsOf(change: Change): Fact[] {
  if (isLost(change.after)) return []
  return change.resource.kind === 'task' ? factsOfTask(change) : factsOfPlace(change)
}

/** A list, folder, space or goal appears with all its fields at once; then they change one by one. */
function factsOfPlace({ field, after, at }: Change): Fact[] {
  switch (field) {
    case 'creation':
      return [...Object.entries(membersOf(after)), [BORN, true] as const].map(([key, value]) => ({ key, value, at }))
    case 'restoration':
      return Object.entries(membersOf(after)).map(([key, value]) => ({ key, value, at }))
    case 'deletion':
      return [{ key: 'state', value: 'deleted', at }]
    default:
      return [{ key: field, value: after, at }]
  }
}

function factsOfTask(change: Change): Fact[] {
  const { field, after, before, at } = change
  switch (field) {
    case 'assignee_add':
      return idOf(after).map((id) => ({ key: `assignee#${id}`, value: true, at }))
    case 'assignee_rem':
      return [...idOf(before), ...idOf(after)].map((id) => ({ key: `assignee#${id}`, value: false, at }))
    case 'tag':
    case 'tag_removed':
      return [
        ...namesOf(before).map((name) => ({ key: `tag#${name}`, value: false, at })),
        ...namesOf(after).map((name) => ({ key: `tag#${name}`, value: true, at })),
      ]
    case 'section_moved':
      return idOf(memberOf(after, 'list')).map((id) => ({ key: 'list', value: id, at }))
    case 'custom_field':
      return change.customField === null ? [] : factOfField(change.customField, after, at)
    case 'comment':
    case 'content':
    case 'time_spent':
    case 'task_creation':
    case 'deletion':
    case 'event':
      return []
    default:
      return [{ key: field, value: after, at }]
  }
}

function factOfField({ id, type }: { id: string; type: string }, shown: Json, at: number): Fact[] {
  const value = comparable(type, shown)
  return value === undefined ? [] : [{ key: `custom_field#${id}`, value, at }]
}

/** A snapshot in the same terms, so that the two can be compared. */
export function factsOfSnapshot(task: Snapshot): Map<string, Json> {
  const facts = new Map<string, Json>([
    ['name', task.name],
    ['status', task.status],
    ['priority', task.priority],
    ['list', task.list?.id ?? null],
    ['due_date', task.dueAt],
    ['start_date', task.startAt],
    ['time_estimate', task.timeEstimateMs],
    ['points', task.points],
    ['parent', task.parentId],
  ])
  for (const { id } of task.assignees) facts.set(`assignee#${id}`, true)
  for (const tag of task.tags) facts.set(`tag#${tag}`, true)
  for (const { value: shown, ...field } of task.customFields)
    for (const { key, value } of factOfField(field, shown, 0)) if (value !== null) facts.set(key, value)
  return facts
}

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

/** What comes in later than this after it happened may have been missed by a sweep meanwhile. */
const LATE_MS = 300_000

/** Accounts for changes: per field the latest wins, of two at the same time the greater value, so that the order of arrival does not matter. */
export function account(known: Known, changes: readonly Change[]): Known {
  // A map, because the names are the provider's: one that is called `constructor` must not find that of every object.
  const fields = new Map(Object.entries(known.fields))
  const { begunAt } = known
  // What it began with may include a change that is told only now: of what was before it, nothing can be said.
  let hops: readonly Hop[] = known.hops
  for (const change of changes.toSorted((a, b) => a.at - b.at)) {
    for (const { key, value, at } of factsOf(change)) {
      const was = fields.get(key)
      if (begunAt !== null && at > begunAt && was !== undefined)
        hops = hopsAfter(hops, change, {
          value: was.value,
          at: Math.max(was.at, begunAt),
          openSince: known.suspects[key]?.openSince ?? at,
        })
      if (was === undefined || at > was.at || (at === was.at && canonical(value) > canonical(was.value))) {
        fields.set(key, { value, at, ...(change.receivedAt > at + LATE_MS ? { receivedAt: change.receivedAt } : {}) })
      }
    }
  }
  // What has been told of is suspect no more, nor is what was seen before that, which a hop may show: should the same value come again
  // one day, it is new then.
  const open = Object.entries(known.suspects).filter(([key, { value, seenAt }]) => {
    const told = fields.get(key)
    return canonical(told?.value ?? null) !== canonical(value) && (told?.at ?? 0) <= seenAt
  })
  return {
    ...sweptBy(changes, known),
    version: known.version + 1,
    fields: Object.fromEntries(fields),
    hops: [...hops],
    suspects: Object.fromEntries(open),
    unborn: known.unborn && !changes.some(isBirth),
  }
}

/** Whether a change is the making of a task. */
export const isBirth = ({ resource, field }: Change): boolean => resource.kind === 'task' && field === 'task_creation'

/** Knowledge that remembers until when sweeps have made changes of it. */
export function sweptBy(changes: readonly Change[], known: Known): Known {
  const times = changes.flatMap(({ origin, at }) => (origin === 'sweep' ? at : []))
  return { ...known, sweptUntil: Math.max(known.sweptUntil, ...times) }
}

const membersOf = (value: Json | undefined): Record<string, Json> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !isOmitted(value) ? value : {}

const memberOf = (value: Json | undefined, key: string): Json | undefined => membersOf(value)[key]

function idOf(value: Json | undefined): string[] {
  const id = memberOf(value, 'id')
  return typeof id === 'string' ? [id] : []
}

const namesOf = (value: Json): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
