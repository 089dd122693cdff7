import type { TruthChange } from '../clickup/truth.ts'
import type { Expected, PlaceExpectation } from './expected.ts'
import type { Arrival } from './subscriber.ts'

export type Verdict = {
  /** Changes that had to come out; of those that may, the ones that did. */
  changes: number
  /** Different change ids that came out. */
  published: number
  /** Events beyond the first of their change id. */
  republished: number
  /** What happened and was never published, one line each. */
  missing: string[]
  /** What was published and never happened, or was published again, one line each. */
  extra: string[]
}

/**
 * Compares what a subscriber heard with what happened.
 *
 * The contract promises each change at least once with the same id, and a crash may cost a repeat. A scenario in which
 * nothing crashes has no such excuse: there each change is published exactly once, so a repeat counts as extra. That is what
 * makes a broken deduplication show, whose every event is a true one.
 */
export function check(expected: Expected, arrivals: readonly Arrival[], unreadable: readonly string[] = []): Verdict {
  const byId = Map.groupBy(arrivals, ({ event }) => event.changeId)
  const missing = [...expected.ids].filter(([id]) => !byId.has(id)).map(([, change]) => happened(change))
  const merged = expected.merged.map((change) => `${happened(change)} has the id of another change`)
  const extra = unreadable.map((problem) => `not an event of the contract: ${problem}`)
  const ofPlaces: Arrival[] = []
  for (const [id, [first, ...repeats]] of byId) {
    extra.push(...repeats.map((repeat) => `published again: ${heard(repeat)}`))
    if (first === undefined || expected.ids.has(id)) continue
    if (first.event.resource.kind === 'task') extra.push(`never happened: ${heard(first)}`)
    else ofPlaces.push(first)
  }
  const places = checkPlaces(expected.places, ofPlaces)
  return {
    changes: expected.ids.size + expected.merged.length + places.changes,
    published: byId.size,
    republished: arrivals.length - byId.size,
    missing: [...missing, ...merged, ...places.missing],
    extra: [...extra, ...places.extra],
  }
}

function checkPlaces(expectations: readonly PlaceExpectation[], arrivals: readonly Arrival[]) {
  const open = expectations.map((expectation) => ({ ...expectation, found: 0 }))
  const extra: string[] = []
  for (const arrival of arrivals) {
    const { resource, field, after } = arrival.event
    const fitting = open.find(
      (each) =>
        each.resourceKind === resource.kind &&
        each.resourceId === resource.id &&
        each.field === field &&
        each.found < each.max &&
        (each.after === undefined || each.after === after),
    )
    if (fitting === undefined) extra.push(`never happened: ${heard(arrival)}`)
    else fitting.found += 1
  }
  const missing = open
    .filter(({ found, min }) => found < min)
    .map(({ resourceKind, resourceId, field }) => `${resourceKind} ${resourceId}: ${field}`)
  return { missing, extra, changes: open.reduce((sum, { min, found }) => sum + Math.max(min, found), 0) }
}

const happened = ({ resource, field, kind, historyId }: TruthChange) =>
  `${resource.kind} ${resource.id}: ${field ?? kind} (history item ${historyId ?? 'none'})`

const heard = ({ detailType, event }: Arrival) =>
  `${detailType} of ${event.resource.kind} ${event.resource.id} (change ${event.changeId.slice(0, 12)})`
