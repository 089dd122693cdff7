import type { Recorded } from '../../ledger/history.ts'
import type { Phases } from '../../tasks/cycle/phases.ts'
import { statusChangesOf } from '../../tasks/cycle/status-changes.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import { actorOf, type Draft, momentOf, restingOn } from './draft.ts'
import { ofField, type Past } from './past.ts'
import type { Persons } from './persons.ts'
import type { ScopeTask } from './scope-tasks.ts'

type Status = { name: string; type: string | null }

/**
 * The status that a task has now: as it was last read, unless the ledger knows of a later one. That is so of what was published
 * without its task (`degraded`) and not read since.
 */
export function statusNow({ status, updatedAt, observedAt }: ScopeTask, changes: readonly Recorded[]): Status | null {
  const last = statusChangesOf(changes).at(-1)
  if (last === undefined) return status
  const isRead = (updatedAt ?? 0) >= last.at || observedAt >= last.at + READ_LAG_MS
  return isRead && status !== null ? status : last.to
}

export const isMadeIn = ({ before, inSpan }: Past): boolean => inSpan.some(isMaking) && !before.some(isMaking)

/** ClickUp tells of a new task by two history items: that it was made, and its first status. */
const isMaking = ({ field, before }: Recorded) => field === 'task_creation' || (field === 'status' && before === null)

/**
 * Where a task came to in the span: one fact at the most, from the status at the beginning to that at the end, whatever was
 * between. What cannot be so at the end of the span and now is passed over: what was done and has been reopened since is told
 * by neither word.
 */
export function transitionOf(
  task: ScopeTask,
  past: Past,
  { phases, persons }: { phases: Phases; persons: Persons },
): Draft | null | undefined {
  const deletions = past.inSpan.filter(({ field }) => field === 'deletion')
  const deletion = deletions.at(-1)
  const isMade = isMadeIn(past)
  const by = (actor: Recorded['actor']) => persons.keyOf(actor)
  if (task.state === 'deleted') {
    // Nobody who reads of the day has missed what came and went in it.
    if (deletion === undefined || isMade) return null
    const common = { taskId: task.id, changeIds: restingOn(deletions), order: deletion.at }
    return { kind: 'deleted', ...momentOf(deletion), by: by(deletion.actor), ...common }
  }
  const now = statusNow(task, past.all)
  const isDoneNow = now !== null && phases.of(now) === 'done'
  const step = stepOf(past)
  const isDone = step !== null && phases.of(step.to) === 'done'
  const told = (changes: readonly Recorded[], moment: { at: number; atEarliest: number }) => ({
    ...{ taskId: task.id, changeIds: restingOn(changes), order: moment.at },
    ...momentOf(moment),
  })
  if (isMade && !isDoneNow) {
    const made = past.inSpan.filter((each) => isMaking(each) || each.field === 'status')
    const first = made.find(isMaking) ?? made[0]
    const status = (step !== null && !isDone ? step.to : now)?.name ?? null
    return first && { kind: 'created', by: by(first.actor), status, ...told(made, first) }
  }
  if (step === null || isDone !== isDoneNow) return null
  const { from, to, changes, told: steps } = step
  const wasDone = from !== null && phases.of(from) === 'done'
  const isOfDone = (status: Status | null) => status !== null && phases.of(status) === 'done'
  if (isDone) {
    // Who has finished it, and not who has put it among the closed ones after that.
    const end = steps.findLast((each) => isOfDone(each.to) && !isOfDone(each.from)) ?? step.last
    return wasDone ? null : { kind: 'done', status: to.name, by: by(end.actor), ...told(changes, end) }
  }
  const actor = actorOf(steps, (each) => each.from?.name === from?.name)
  const common = { by: by(actor), ...told(changes, step.last) }
  if (wasDone) return { kind: 'reopened', from: from.name, to: to.name, ...common }
  return from?.name === to.name ? null : { kind: 'moved', from: from?.name ?? null, to: to.name, ...common }
}

/** From the status at the beginning of the span to that at its end; null where no status was told of in it. */
function stepOf(past: Past) {
  const { changes, known } = ofField(past, 'status')
  const told = statusChangesOf([...known, ...changes]).map((each) => ({ ...each, atEarliest: each.earliest }))
  const last = told.at(-1)
  if (changes.length === 0 || last === undefined) return null
  const from = statusChangesOf(known).at(-1)?.to ?? told[0]?.from ?? null
  return { from, to: last.to, last, told, changes }
}
