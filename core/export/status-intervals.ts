import { resourceHistory } from '../ledger/history.ts'
import { publishedBetween } from '../ledger/published.ts'
import { fewAtOnce } from '../platform/few-at-once.ts'
import type { StatusInterval } from '../tasks/cycle/status-interval.ts'
import { statusIntervals } from '../tasks/cycle/status-intervals.ts'
import { createStatusTimesStore } from '../tasks/status-times.ts'
import { timeCell } from './csv.ts'
import type { ExportKind, ExportPage, ExportServices, ExportSpan } from './kind.ts'
import { type TaskRow, taskPages } from './tasks.ts'

export type IntervalRow = { connection: string; interval: StatusInterval }

/** More are not remembered: then every task counts as changed, which costs more and says the same. */
const MOST_CHANGED = 100_000
/** So many tasks at once: of each the whole history is in memory. */
const AT_ONCE = 100

/**
 * All intervals of every task whose status, or whose reading, is of the span: they replace what was exported of that task
 * before, because a change that comes late divides an interval that was there.
 */
async function* pages(services: ExportServices, span: ExportSpan): AsyncGenerator<ExportPage<IntervalRow>> {
  const { since, until } = span
  const changed = since === undefined ? null : await changedTasks(services, { ...span, since })
  const isWanted = ({ connection, task }: TaskRow) =>
    changed === null || task.observedAt >= (since ?? 0) || changed.has(`${connection} ${task.id}`)
  for await (const { rows, unreadable } of taskPages(services, { ...span, since: undefined, until })) {
    const wanted = rows.filter(isWanted)
    // The page's unreadable snapshots are told once, with its first part.
    let left = unreadable
    for (let i = 0; i < Math.max(1, wanted.length); i += AT_ONCE) {
      const page = await intervalsOf(services, wanted.slice(i, i + AT_ONCE))
      yield { ...page, unreadable: page.unreadable + left }
      left = 0
    }
  }
}

/** Tasks whose status has changed in the span; null when they are too many to remember. */
async function changedTasks(
  { dynamo, tables }: ExportServices,
  { since, until, connections }: ExportSpan & { since: number },
): Promise<Set<string> | null> {
  const found = new Set<string>()
  for await (const { changes } of publishedBetween({ dynamo, table: tables.ledger }, { since, until })) {
    for (const { connection, resource, field } of changes)
      if (field === 'status' && connections.includes(connection)) found.add(`${connection} ${resource.id}`)
    if (found.size > MOST_CHANGED) return null
  }
  return found
}

async function intervalsOf(
  { dynamo, tables }: ExportServices,
  tasks: readonly TaskRow[],
): Promise<{ rows: IntervalRow[]; unreadable: number }> {
  const store = createStatusTimesStore({ dynamo, table: tables.tasks })
  const rows: IntervalRow[] = []
  let unreadable = 0
  for (const [connection, mine] of Map.groupBy(tasks, (row) => row.connection)) {
    const times = await store.loadAll(
      connection,
      mine.map(({ task }) => task.id),
    )
    const histories = await fewAtOnce(mine, ({ task }) => {
      const resource = { kind: 'task', id: task.id }
      return resourceHistory({ dynamo, table: tables.ledger }, { connection, resource, since: undefined })
    })
    for (const [i, { task }] of mine.entries()) {
      const history = histories[i]
      unreadable += history?.unreadable ?? 0
      const intervals = statusIntervals({ task, changes: history?.changes ?? [], times: times.get(task.id) ?? null })
      rows.push(...intervals.map((interval) => ({ connection, interval })))
    }
  }
  return { rows, unreadable }
}

export const STATUS_INTERVALS: ExportKind<IntervalRow> = {
  pages,
  json: ({ connection, interval }) => ({ connection, ...interval }),
  columns: [
    { name: 'task_id', of: ({ interval }) => interval.taskId },
    { name: 'connection', of: ({ connection }) => connection },
    { name: 'status', of: ({ interval }) => interval.status },
    { name: 'status_type', of: ({ interval }) => interval.statusType },
    { name: 'from', of: ({ interval }) => timeCell(interval.from) },
    { name: 'to', of: ({ interval }) => timeCell(interval.to) },
    { name: 'precision', of: ({ interval }) => interval.precision },
    { name: 'from_earliest', of: ({ interval }) => timeCell(interval.fromEarliest) },
    { name: 'from_latest', of: ({ interval }) => timeCell(interval.fromLatest) },
    { name: 'actor_id', of: ({ interval }) => interval.actor?.id ?? null },
    { name: 'actor_name', of: ({ interval }) => interval.actor?.name ?? null },
  ],
}
