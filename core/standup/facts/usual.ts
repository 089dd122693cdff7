import { percentilesOf } from '../../report/percentiles.ts'
import type { Phases } from '../../tasks/cycle/phases.ts'
import { statusIntervals } from '../../tasks/cycle/status-intervals.ts'
import { type Reckoning, taskCycle } from '../../tasks/cycle/task-cycle.ts'
import { listTasks, type TasksTable } from '../../tasks/list.ts'
import { isGone } from '../../tasks/snapshot.ts'
import { createStatusTimesStore } from '../../tasks/status-times.ts'
import type { Histories } from './histories.ts'
import { type ScopeTask, scopeTaskOf } from './scope-tasks.ts'

const WINDOW_MS = 90 * 86_400_000
/** Fewer say nothing of what is usual. */
const FEWEST = 5
/** The last ones of a busy list: more would be a query each, and hardly another figure. */
const MOST_OF_A_LIST = 500

export type UsualSources = {
  tasks: TasksTable
  connection: string
  histories: Histories
  phases: Phases
  working: Reckoning
  asOf: number
}

/** By list, the tasks that live in it and may have been done in the last 90 days; only lists that have enough of them. */
export type DoneTasks = ReadonlyMap<string, readonly ScopeTask[]>

/** Finds them among the tasks of the scope where it has all of a list, and else by the list's index. */
export async function doneTasksOf(
  listIds: readonly string[],
  known: { tasks: ReadonlyMap<string, ScopeTask>; isWhole(listId: string): boolean },
  sources: UsualSources,
): Promise<DoneTasks> {
  const mayCount = (task: ScopeTask) => mayBeDone(task, sources)
  const byList = Map.groupBy([...known.tasks.values()].filter(mayCount), ({ list }) => list?.id ?? '')
  const result = new Map<string, readonly ScopeTask[]>()
  for (const listId of listIds) {
    const done = known.isWhole(listId)
      ? (byList.get(listId) ?? [])
      : (await tasksOfList(listId, sources)).filter(mayCount)
    const last = done.toSorted((a, b) => shownDone(b) - shownDone(a) || (a.id < b.id ? -1 : 1)).slice(0, MOST_OF_A_LIST)
    if (last.length >= FEWEST) result.set(listId, last)
  }
  return result
}

async function tasksOfList(listId: string, { tasks, connection }: UsualSources): Promise<ScopeTask[]> {
  const query = { connection, listId, spaceId: undefined, status: undefined, gone: false }
  const found = await listTasks(tasks, { ...query, limit: Number.MAX_SAFE_INTEGER })
  return found.tasks.map(scopeTaskOf)
}

/** A status that only the config calls done leaves no time of its own in ClickUp. */
const shownDone = ({ doneAt, closedAt, updatedAt }: ScopeTask): number =>
  Math.max(doneAt ?? 0, closedAt ?? 0) || (updatedAt ?? Number.MAX_SAFE_INTEGER)

const mayBeDone = (task: ScopeTask, { phases, asOf }: UsualSources): boolean =>
  !isGone(task.state) &&
  task.status !== null &&
  phases.of(task.status) === 'done' &&
  shownDone(task) >= asOf - WINDOW_MS

/** How long 85 of 100 tasks of a list were in a status, working time in ms; null where too few were to say so. */
export type Usual = (listId: string, status: string) => number | null

/** Reads how long the done tasks of lists were in each status: one query for each of them. */
export async function readUsual(done: DoneTasks, sources: UsualSources): Promise<Usual> {
  const { tasks: table, connection, histories, phases, working, asOf } = sources
  const spent = new Map<string, number[]>()
  for (const [listId, tasks] of done) {
    const times = await createStatusTimesStore(table).loadAll(
      connection,
      tasks.map(({ id }) => id),
    )
    await histories.each(
      tasks,
      () => undefined,
      (task, history) => {
        histories.count(task.id, history)
        const intervals = statusIntervals({ task, changes: history.changes, times: times.get(task.id) ?? null })
        const cycle = taskCycle(intervals, { phases, working, now: asOf, doneAt: task.doneAt ?? task.closedAt })
        if (cycle.doneAt === null || cycle.doneAt < asOf - WINDOW_MS || cycle.doneAt >= asOf) return
        for (const { status, workingMs } of cycle.spent) {
          const key = keyOf(listId, status)
          spent.set(key, [...(spent.get(key) ?? []), workingMs])
        }
      },
    )
  }
  return (listId, status) => {
    const values = spent.get(keyOf(listId, status)) ?? []
    return values.length < FEWEST ? null : percentilesOf(values).p85
  }
}

const keyOf = (listId: string, status: string) => `${listId} ${status.toLowerCase()}`
