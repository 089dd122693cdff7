import type { Recorded } from '../../ledger/history.ts'
import { createStatusTimesStore } from '../../tasks/status-times.ts'
import type { Span } from '../material.ts'
import type { ChangedTasks } from './changed-tasks.ts'
import { type FactsOfTask, factsOfTask, type TaskContext } from './of-task.ts'
import { pastOf } from './past.ts'
import type { ScopeTest } from './scope.ts'
import type { ScopeTask, ScopeTasks } from './scope-tasks.ts'
import { readStrays } from './strays.ts'
import { type DoneTasks, doneTasksOf, readUsual, type Usual, type UsualSources } from './usual.ts'

export type ReadTasks = {
  /** Tasks of the scope, and those that have left it in the span. */
  told: { task: ScopeTask; facts: FactsOfTask }[]
  /** Ids of those that have left it. */
  isElsewhere: ReadonlySet<string>
  usual: Usual
  unreadable: number
}

type Sources = UsualSources & { test: ScopeTest; context: TaskContext; span: Span }

/**
 * Reads the histories of those tasks of which more is to be told than their snapshots say: what changed, who waits, and what may be
 * stuck. Of all others nothing more is read.
 */
export async function readTasks(found: ScopeTasks, { since }: ChangedTasks, sources: Sources): Promise<ReadTasks> {
  const { tasks: table, connection, histories, context, span } = sources
  const tasks = [...found.tasks.values()].sort(byId)
  const done = await doneNear(tasks, found, sources)
  const isWhole = (task: ScopeTask) =>
    isWaiting(task, context) || (isInWork(task, context) && done.has(task.list?.id ?? ''))
  const times = await createStatusTimesStore(table).loadAll(
    connection,
    tasks.filter(isWhole).map(({ id }) => id),
  )
  const factsOf = (task: ScopeTask, history: readonly Recorded[], until = Number.POSITIVE_INFINITY) => {
    const all = pastOf(history, span)
    const past = { ...all, inSpan: all.inSpan.filter(({ at }) => at <= until) }
    return { task, facts: factsOfTask(task, { past, history, times: times.get(task.id) ?? null }, context) }
  }
  const told = await histories.each(
    tasks.filter((task) => since.has(task.id) || isWhole(task)),
    (task) => (isWhole(task) ? undefined : since.get(task.id)),
    (task, history) => {
      histories.count(task.id, history)
      return factsOf(task, history.changes)
    },
  )
  const isRead = new Set(told.map(({ task }) => task.id))
  for (const task of tasks) if (!isRead.has(task.id)) told.push(factsOf(task, []))
  const lists = new Set(told.flatMap(({ facts }) => facts.mayBeStuck?.listId ?? []))
  const usual = await readUsual(new Map([...done].filter(([listId]) => lists.has(listId))), sources)
  // Last, because in a busy workspace they can be so many that reading stops.
  const changed = [...since].map(([id, at]) => ({ id, since: at })).sort(byId)
  const { strays, unreadable } = await readStrays(
    changed.filter(({ id }) => !found.tasks.has(id)),
    sources,
  )
  for (const { task, history, leftAt } of strays) {
    histories.count(task.id, history)
    const { facts } = factsOf(task, history.changes, leftAt ?? undefined)
    told.push({ task, facts: leftAt === null ? facts : ofTheSpan(facts) })
  }
  const isElsewhere = new Set(strays.filter(({ leftAt }) => leftAt !== null).map(({ task }) => task.id))
  return { told, isElsewhere, usual, unreadable }
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/** Of a task that is elsewhere now, how it stands is not told here. */
const ofTheSpan = ({ drafts, ...facts }: FactsOfTask): FactsOfTask => ({
  ...facts,
  drafts: drafts.filter(({ kind }) => kind !== 'blocked'),
  mayBeStuck: null,
  isActive: false,
})

const isOpen = ({ state, status }: ScopeTask, { phases }: TaskContext) =>
  state === 'present' && status !== null && phases.of(status) !== 'done'

const isWaiting = (task: ScopeTask, context: TaskContext) =>
  isOpen(task, context) && context.blockerOf(task, task.status?.name ?? null) !== null

const isInWork = (task: ScopeTask, context: TaskContext) =>
  isOpen(task, context) && task.status !== null && context.phases.of(task.status) === 'active'

/** Done tasks of those lists in which something may be stuck. */
function doneNear(tasks: readonly ScopeTask[], found: ScopeTasks, sources: Sources): Promise<DoneTasks> {
  const { context, test } = sources
  const candidates = tasks.filter((task) => isInWork(task, context) && !isWaiting(task, context))
  const lists = [...new Set(candidates.flatMap(({ list }) => list?.id ?? []))].sort()
  return doneTasksOf(lists, { tasks: found.tasks, isWhole: (listId) => test.hasPlace(listId, null) }, sources)
}
