import { resourceHistory } from '../ledger/history.ts'
import { fewAtOnce } from '../platform/few-at-once.ts'
import { type Hierarchy, loadHierarchy } from '../sync/hierarchy.ts'
import { loadMembers } from '../sync/members.ts'
import { createPhases } from '../tasks/cycle/phases.ts'
import { listTasks, type TasksTable } from '../tasks/list.ts'
import type { Snapshot } from '../tasks/snapshot.ts'
import { createStatusTimesStore } from '../tasks/status-times.ts'
import { type CycleRow, cycleRow, listsOf, type RowContext } from './cycle-row.ts'
import { createPeople } from './people.ts'
import type { ReportSettings } from './settings.ts'
import { sprintsOf } from './sprints.ts'
import type { Calendar } from './working-time.ts'

export type CycleSources = {
  dynamo: TasksTable['dynamo']
  tables: { ledger: string; tasks: string; state: string }
  settings: ReportSettings
  calendar: Calendar
  /** Told now and then how far it is, because a large workspace takes a while. */
  progress(line: string): void
}

export type CycleQuery = {
  connection: string
  spaceId: string | undefined
  /** Tasks that live in it or were added to it. */
  listId: string | undefined
  /** Tasks that were done in this span, ms since 1970; of those that are not done, only how many there are is told. */
  since: number
  until: number
}

export type ReadCycles = {
  rows: CycleRow[]
  /** Tasks on which work goes on now. */
  inProgress: number
  unreadable: number
  /** Changes that are being worked on, so that the report may lack them. */
  claimed: number
  /** So much was to be read that reading stopped. */
  cut: boolean
}

const MANY = 1_000

/** Reads the tasks of a connection with their history and computes how each went through its statuses. */
export async function readCycles(sources: CycleSources, query: CycleQuery): Promise<ReadCycles> {
  const { dynamo, tables, settings, calendar, progress } = sources
  const { connection, until } = query
  const state = { dynamo, table: tables.state }
  const [hierarchy, members] = await Promise.all([loadHierarchy(state, connection), loadMembers(state, connection)])
  const phases = createPhases(settings.statuses)
  const context: RowContext = {
    ...{ connection, phases, working: calendar.working, now: until },
    people: createPeople(members?.members ?? [], settings.people),
    sprints: sprintsOf(hierarchy, settings.sprintFolders),
  }
  const { tasks, unreadable, cut } = await readTasks({ dynamo, table: tables.tasks }, query, hierarchy)
  const inProgress = tasks.filter(({ status }) => status !== null && phases.of(status) === 'active').length
  const mayCount = tasks.filter((task) => mayBeDoneIn(task, query, phases))
  const times = await createStatusTimesStore({ dynamo, table: tables.tasks }).loadAll(
    connection,
    mayCount.map(({ id }) => id),
  )
  const result: ReadCycles = { rows: [], inProgress, unreadable, claimed: 0, cut }
  let read = 0
  const rows = await fewAtOnce(mayCount, async (task) => {
    const resource = { kind: 'task', id: task.id }
    const history = await resourceHistory({ dynamo, table: tables.ledger }, { connection, resource, since: undefined })
    result.unreadable += history.unreadable
    result.claimed += history.claimed
    read += 1
    if (read % MANY === 0) progress(`Read the history of ${read} of ${mayCount.length} tasks.`)
    return cycleRow({ task, changes: history.changes, times: times.get(task.id) ?? null }, context)
  })
  result.rows = rows.filter(({ doneAt }) => doneAt !== null && doneAt >= query.since && doneAt < until)
  return result
}

/** By the indexes where the spaces are known; an index knows the home list only, so the list is looked for in all of them. */
async function readTasks(table: TasksTable, { connection, spaceId, listId }: CycleQuery, hierarchy: Hierarchy | null) {
  const spaceIds = spaceId !== undefined ? [spaceId] : (hierarchy?.spaces.map(({ id }) => id) ?? [undefined])
  const all = { connection, listId: undefined, status: undefined, gone: false, limit: Number.MAX_SAFE_INTEGER }
  const tasks: Snapshot[] = []
  let unreadable = 0
  let cut = false
  for (const each of spaceIds) {
    const found = await listTasks(table, { ...all, spaceId: each })
    for (const task of found.tasks)
      if (listId === undefined || listsOf(task).some(({ id }) => id === listId)) tasks.push(task)
    unreadable += found.unreadable
    cut ||= found.cut !== null
  }
  return { tasks, unreadable, cut }
}

/** Whether a task can have been done in the span, as far as its snapshot tells: only then is its history read. */
function mayBeDoneIn(task: Snapshot, { since }: CycleQuery, phases: RowContext['phases']): boolean {
  if (task.status === null || phases.of(task.status) !== 'done') return false
  const doneAt = Math.max(task.doneAt ?? 0, task.closedAt ?? 0)
  // A status that only the config calls done leaves no such time in ClickUp.
  return (doneAt > 0 ? doneAt : (task.updatedAt ?? Number.POSITIVE_INFINITY)) >= since
}
