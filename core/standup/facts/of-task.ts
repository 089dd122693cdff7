import type { Recorded } from '../../ledger/history.ts'
import type { Phases } from '../../tasks/cycle/phases.ts'
import type { Reckoning } from '../../tasks/cycle/task-cycle.ts'
import type { StatusTimes } from '../../tasks/status-times.ts'
import { type Blocker, blockedOf } from './blocked.ts'
import type { Draft } from './draft.ts'
import { enteredStatus } from './entered.ts'
import type { Past } from './past.ts'
import type { Persons } from './persons.ts'
import { priorityOf } from './priority.ts'
import type { ScopeTask } from './scope-tasks.ts'
import type { InWork } from './stuck.ts'
import { statusNow, transitionOf } from './transitions.ts'

export type TaskContext = {
  phases: Phases
  persons: Persons
  blockerOf(task: Pick<ScopeTask, 'tags'>, status: string | null): Blocker | null
  working: Reckoning
  /** The moment for which spans of time are told, ms since 1970. */
  asOf: number
}

export type FactsOfTask = {
  drafts: Draft[]
  /** Its status now, by name. */
  status: string | null
  /** It is in work, and nobody is known to wait: it may be stuck. */
  mayBeStuck: InWork | null
  /** It is in work, whoever waits. */
  isActive: boolean
}

/**
 * The facts of one task. Which of them it can have at once:
 *
 * | fact     | needs                                                       | rules out                               |
 * |----------|-------------------------------------------------------------|-----------------------------------------|
 * | deleted  | deleted in the span, and still                              | all others; made in the span, too: none |
 * | done     | not done (or not there) before, done after, and still       | reopened, created, moved, blocked, stuck |
 * | reopened | done before, not done after, and still not                  | created, moved                          |
 * | created  | made in the span, not done                                  | moved                                   |
 * | moved    | another status after than before, done neither then nor now |                                         |
 * | blocked  | not done, and its status or a tag says that somebody waits  | stuck; moved, if it moved into that status |
 * | stuck    | in work for longer than is usual                            | (another pass, `stuck.ts`)              |
 * | priority | another after than before; of a new one, than its first     |                                         |
 *
 * A task that was archived is no more blocked, stuck or worked on, and of one that is out of sight nothing is told: whoever may
 * not see it shall not hear of it.
 */
export function factsOfTask(
  task: ScopeTask,
  { past, history, times }: { past: Past; history: readonly Recorded[]; times: StatusTimes | null },
  context: TaskContext,
): FactsOfTask {
  const { phases, persons, blockerOf, working, asOf } = context
  if (task.state === 'outOfSight') return { drafts: [], status: null, mayBeStuck: null, isActive: false }
  const status = statusNow(task, past.all)
  const phase = status === null ? null : phases.of(status)
  const isOpen = task.state === 'present' && phase !== 'done'
  const blocker = isOpen ? blockerOf(task, status?.name ?? null) : null
  const transition = transitionOf(task, past, context)
  const isToldByBlocker =
    transition?.kind === 'moved' && blocker?.because === 'status' && blocker.word === transition.to
  const drafts = [
    blocker === null ? null : blockedOf(task, blocker, { history, times, working, asOf }),
    isToldByBlocker ? null : transition,
    priorityOf(task, past, persons),
  ]
  const isActive = isOpen && phase === 'active'
  return {
    drafts: drafts.filter((draft) => draft != null),
    status: status?.name ?? null,
    mayBeStuck: isActive && blocker === null ? inWork(task, status?.name ?? '', { history, times }) : null,
    isActive,
  }
}

function inWork(
  task: ScopeTask,
  status: string,
  sources: { history: readonly Recorded[]; times: StatusTimes | null },
): InWork | null {
  const since = enteredStatus(task, status, sources)
  return since === null || task.list === null ? null : { taskId: task.id, listId: task.list.id, status, since }
}
