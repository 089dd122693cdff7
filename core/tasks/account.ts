import type { Change } from '../ledger/change.ts'
import { canonical } from '../platform/json.ts'
import { factsOf } from './facts.ts'
import { type Hop, hopsAfter } from './hops.ts'
import type { Known } from './known.ts'

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
