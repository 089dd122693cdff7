import type { Reckoning } from '../../tasks/cycle/task-cycle.ts'
import type { Draft } from './draft.ts'
import type { Since } from './entered.ts'
import type { Usual } from './usual.ts'

/** A task in work, of which it is known since when it has been in its status. */
export type InWork = { taskId: string; listId: string; status: string; since: Since }

/** Says so when it has been in its status for longer than is usual there. Both are working time, so a weekend makes nobody late. */
export function stuckOf(
  { taskId, listId, status, since }: InWork,
  { usual, working, asOf }: { usual: Usual; working: Reckoning; asOf: number },
): Draft | null {
  const p85Ms = usual(listId, status)
  const forMs = working(since.at, asOf)
  if (p85Ms === null || forMs <= p85Ms) return null
  return { kind: 'stuck', status, forMs, p85Ms, taskId, changeIds: since.changeIds, order: since.at }
}
