import * as z from 'zod'
import type { Recorded } from '../../ledger/history.ts'
import type { ScopeTest } from './scope.ts'

const named = z.looseObject({ id: z.string() }).nullish()
const placeSchema = z.looseObject({ list: named, space: named })

/** Whether a move began in the scope, or ended there. */
function isMove(end: 'before' | 'after', change: Recorded, scope: ScopeTest): boolean {
  const place = placeSchema.safeParse(change[end]).data
  if (change.field !== 'section_moved' || place === undefined) return false
  return scope.hasPlace(place.list?.id ?? null, place.space?.id ?? null)
}

/** ClickUp names the list of a task with each change; with a move, the list that it has come to. */
const wasIn = (change: Recorded, scope: ScopeTest) => change.listId !== null && scope.hasPlace(change.listId, null)

/** Whether a task had to do with a scope, by what was recorded of it. */
export const touches = (changes: readonly Recorded[], scope: ScopeTest): boolean =>
  scope.isAll ||
  changes.some((change) => wasIn(change, scope) || isMove('before', change, scope) || isMove('after', change, scope))

/**
 * When a task that is elsewhere now was in the scope for the last time, ms since 1970; null for one that never was. What happened
 * to it until then is told: many a team finishes a task and then puts it among the finished ones.
 */
export function leftAt(changes: readonly Recorded[], scope: ScopeTest): number | null {
  const times = changes.filter((change) => wasIn(change, scope) || isMove('before', change, scope)).map(({ at }) => at)
  return times.length === 0 ? null : Math.max(...times)
}
