import type { Recorded } from '../../../core/ledger/history.ts'
import type { Run } from '../../virtual/run.ts'
import { differencesOf } from '../../virtual/truth.ts'

/** What the ledger says of a change, without what depends on when it was worked off. */
function factOf({ id, resource, field, customField, before, after, actor, origin, at, atEarliest }: Recorded) {
  const times = origin === 'webhook' ? { at, atEarliest } : {}
  return {
    id,
    resource,
    field,
    customField: customField?.id ?? null,
    before,
    after,
    actor: actor?.id ?? null,
    ...times,
  }
}

/** The ledger by change: one item each, however often it was tried. */
export const ledgerOf = (run: Run): Record<string, unknown> =>
  Object.fromEntries(
    run
      .ledger()
      .map((change) => [`${change.resource.kind} ${change.resource.id} ${change.field} ${change.id}`, factOf(change)]),
  )

/** Changes that stand in the ledger more than once. */
export function doublesIn(run: Run): string[] {
  const ids = run.ledger().map(({ id }) => id)
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))]
}

/** What subscribers have heard of, at least once each. */
export const publishedOf = ({ published }: Run): string[] => [
  ...new Set(published.map(({ detailType, changeId }) => `${detailType} ${changeId}`).toSorted()),
]

/** Of these tasks, those of which the snapshot is not as ClickUp shows the task. */
export const wrongSnapshots = (run: Run, taskIds: Iterable<string>): string[] =>
  [...taskIds].filter((id) => differencesOf(run.clickup, run.snapshot(id), id).length > 0)
