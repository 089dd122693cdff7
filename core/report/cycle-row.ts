import type { Change } from '../ledger/change.ts'
import type { Phases } from '../tasks/cycle/phases.ts'
import type { StatusInterval } from '../tasks/cycle/status-interval.ts'
import { statusIntervals } from '../tasks/cycle/status-intervals.ts'
import { type Reckoning, type TaskCycle, taskCycle } from '../tasks/cycle/task-cycle.ts'
import type { Named, Snapshot } from '../tasks/snapshot.ts'
import type { StatusTimes } from '../tasks/status-times.ts'
import type { People } from './people.ts'
import type { Sprint } from './sprints.ts'

/** A task as a report has it. */
export type CycleRow = TaskCycle & {
  connection: string
  taskId: string
  name: string
  url: string | null
  /** Its home list first, then the lists that it was added to. */
  lists: Named[]
  space: Named | null
  /** Names of people. */
  assignees: string[]
  sprints: Sprint[]
  status: string | null
  intervals: StatusInterval[]
}

export type RowContext = {
  connection: string
  phases: Phases
  working: Reckoning
  now: number
  people: People
  sprints: ReadonlyMap<string, Sprint>
}

export type RowSources = { task: Snapshot; changes: readonly Change[]; times: StatusTimes | null }

export function cycleRow({ task, changes, times }: RowSources, context: RowContext): CycleRow {
  const { connection, phases, working, now, people, sprints } = context
  const intervals = statusIntervals({ task, changes, times })
  const lists = listsOf(task)
  return {
    ...taskCycle(intervals, { phases, working, now, doneAt: task.doneAt ?? task.closedAt }),
    connection,
    taskId: task.id,
    name: task.name ?? task.id,
    url: task.url,
    lists,
    space: task.space,
    assignees: [...new Set(task.assignees.map((person) => people.nameOf(person)))].sort(),
    sprints: lists.flatMap(({ id }) => sprints.get(id) ?? []),
    status: task.status?.name ?? null,
    intervals,
  }
}

/** ClickUp may name the home list among the others. */
export const listsOf = ({ list, locations }: Pick<Snapshot, 'list' | 'locations'>): Named[] => [
  ...new Map([...(list === null ? [] : [list]), ...locations].map((each) => [each.id, each])).values(),
]
