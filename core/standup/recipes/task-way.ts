import type { Phases } from '../../tasks/cycle/phases.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import { momentOf } from '../facts/draft.ts'
import type { Hop } from './hops.ts'
import type { FactContext, TaskFact } from './task-fact.ts'

/** What is told of the way of a task beyond this is of no help to whoever takes it over. */
const MOST_MOVES = 12

/** The task's steps: the one that ended its work, the one that took it up again, and those between. */
export function wayOf(
  snapshot: Snapshot,
  hops: readonly Hop[],
  { phases, isDone }: { phases: Phases; isDone: boolean },
  { refOf }: FactContext,
): TaskFact[] {
  const isIntoDone = ({ from, to }: Hop) => phases.of(to) === 'done' && (from === null || phases.of(from) !== 'done')
  const isOutOfDone = ({ from, to }: Hop) => from !== null && phases.of(from) === 'done' && phases.of(to) !== 'done'
  const ending = isDone ? hops.findLast(isIntoDone) : undefined
  const reopening = isDone ? undefined : hops.findLast(isOutOfDone)
  const facts: TaskFact[] = []
  if (ending !== undefined) {
    const { id, by, to } = ending
    facts.push({ kind: 'done', ...momentOf(ending), by: refOf(by), status: to.name, changeIds: [id] })
  } else if (isDone && snapshot.doneAt !== null && snapshot.status !== null) {
    facts.push({ kind: 'done', at: snapshot.doneAt, by: null, status: snapshot.status.name, changeIds: [] })
  }
  for (const hop of hops.filter((each) => each !== ending && each.from !== null).slice(-MOST_MOVES)) {
    const { id, by, from, to } = hop
    const step = { ...momentOf(hop), by: refOf(by), from: from?.name ?? '', to: to.name, changeIds: [id] }
    facts.push(hop === reopening ? { kind: 'reopened', ...step } : { kind: 'moved', ...step })
  }
  return facts
}
