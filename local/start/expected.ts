import { changeId, commentHash } from '../../core/ingest/identity.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'

/** What must have come out of something that ClickUp told without a history item: known by what it says, not by its id. */
export type PlaceExpectation = {
  resourceKind: string
  resourceId: string
  field: string
  /** Undefined where the log does not tell. */
  after: unknown
  /** How often it may be told; fewer than `min` are missing, more than `max` are extra. */
  min: number
  max: number
}

export type Expected = {
  /** The ids of all changes that ClickUp told of with an id of their own. */
  ids: ReadonlyMap<string, TruthChange>
  /** Changes whose id another one has already: two that happened, of which only one can come out. */
  merged: readonly TruthChange[]
  places: readonly PlaceExpectation[]
}

/**
 * What must have been published, worked out from nothing but the fake's own log of what happened.
 *
 * A history item gives the change's id exactly, and so does a task's deletion, by the life that it ended. A hint (lists,
 * folders, spaces and goals, but for `listUpdated`) says only "look there": the id depends on what had been seen before, so
 * its changes are known by resource, field and value.
 *
 * The ids are made by the function that the consumer uses. One that told too few changes apart would do so on both sides, and
 * nothing would be missing: so no two changes that happened may have the same id.
 */
export function expectedOf(truth: readonly TruthChange[]): Expected {
  const told = truth.filter((change) => !['silent', 'unheard', 'lost'].includes(fateOf(change)))
  const ids = new Map<string, TruthChange>()
  const merged: TruthChange[] = []
  for (const change of told) {
    const id = idOf(change)
    if (id === null) continue
    if (ids.has(id)) merged.push(change)
    else ids.set(id, change)
  }
  return { ids, merged, places: placesOf(told.filter(({ kind }) => kind === 'hint')) }
}

/** The id that the change must have; null for a hint. */
export function idOf(change: TruthChange): string | null {
  const { resource, historyId, field, comment } = change
  const of = { resourceKind: resource.kind, resourceId: resource.id }
  switch (change.kind) {
    case 'item':
      if (historyId === null || field === null) return null
      return changeId({
        ...of,
        historyId,
        field,
        // An edited comment has the history id of the posted one.
        contentHash: comment === null ? null : commentHash({ text_content: comment.text, comment: comment.parts }),
      })
    case 'deletion': {
      // The log counts lives from 1, Hookline counts returns from 0.
      const historyId = `incarnation ${(change.incarnation ?? 1) - 1}`
      return changeId({ ...of, historyId, field: 'deletion', contentHash: null })
    }
    case 'hint':
    case 'silent':
      return null
  }
}

function placesOf(hints: readonly TruthChange[]): PlaceExpectation[] {
  const byPlace = Map.groupBy(hints, ({ resource }) => {
    // A target is read as part of its goal.
    return resource.kind === 'keyResult' ? `goal ${resource.goalId}` : `${resource.kind} ${resource.id}`
  })
  return [...byPlace].flatMap(([place, its]) => {
    const [resourceKind = '', resourceId = ''] = place.split(' ')
    return expectationsOf(its).map((each) => ({ resourceKind, resourceId, ...each }))
  })
}

type Expectation = Omit<PlaceExpectation, 'resourceKind' | 'resourceId'>

/**
 * What the hints of one place must have led to. A look sees the state of its own moment, so this holds for a scenario that
 * lets one thing at a time happen to a place and waits until it is through.
 */
function expectationsOf(hints: readonly TruthChange[]): Expectation[] {
  const expectations: Expectation[] = []
  const isBorn = hints.some(({ events: [event = ''] }) => /^(list|folder|space|goal)Created$/.test(event))
  // A place that stood before the connection is first heard of by whatever happens in it, and may be told as new.
  expectations.push({ field: 'creation', after: undefined, min: isBorn ? 1 : 0, max: 1 })
  for (const { resource, events, before, after } of hints) {
    if (resource.kind === 'keyResult') {
      expectations.push({ field: 'key_results', after: undefined, min: 1, max: 1 })
      // Whether the goal's percentage moves is the fake's arithmetic, which the log does not hold.
      expectations.push({ field: 'percent_completed', after: undefined, min: 0, max: 1 })
      continue
    }
    if (/Deleted$/.test(events[0] ?? '')) expectations.push({ field: 'deletion', after: null, min: 1, max: 1 })
    for (const field of ['name', 'archived']) {
      const [was, is] = [memberOf(before, field), memberOf(after, field)]
      if (was === undefined || is === undefined || was === is) continue
      // What happens to a place before it was ever seen is part of its first sight.
      expectations.push({ field, after: is, min: isBorn ? 1 : 0, max: 1 })
    }
  }
  return expectations
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
