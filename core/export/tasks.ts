import { PK, SK } from '../platform/tables.ts'
import { type Snapshot, snapshotItem } from '../tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../tasks/store.ts'
import { namesCell, timeCell } from './csv.ts'
import type { ExportKind, ExportPage, ExportServices, ExportSpan } from './kind.ts'
import { connectionOfKey, scanned } from './scan.ts'

export type TaskRow = { connection: string; task: Snapshot }

/** The snapshots that were observed in the span. There is no index by that time: the whole table is read, whatever is asked for. */
export async function* taskPages(services: ExportServices, span: ExportSpan): AsyncGenerator<ExportPage<TaskRow>> {
  const { since = 0, until, connections } = span
  const found = {
    filter: '#sk = :snapshot AND #observedAt >= :since AND #observedAt < :until',
    names: { '#sk': SK, '#observedAt': 'observedAt' },
    values: { ':snapshot': SNAPSHOT_SK, ':since': since, ':until': until },
  }
  for await (const items of scanned(services, { table: services.tables.tasks, ...found })) {
    const page: { rows: TaskRow[]; unreadable: number } = { rows: [], unreadable: 0 }
    for (const item of items) {
      const connection = connectionOfKey(item[PK])
      if (!connections.includes(connection)) continue
      const parsed = snapshotItem.safeParse(item)
      if (parsed.success) page.rows.push({ connection, task: parsed.data })
      else page.unreadable += 1
    }
    yield page
  }
}

export const TASKS: ExportKind<TaskRow> = {
  pages: taskPages,
  json: ({ connection, task }) => ({ connection, ...task }),
  columns: [
    { name: 'task_id', of: ({ task }) => task.id },
    { name: 'connection', of: ({ connection }) => connection },
    { name: 'custom_id', of: ({ task }) => task.customId },
    { name: 'name', of: ({ task }) => task.name },
    { name: 'state', of: ({ task }) => task.state },
    { name: 'status', of: ({ task }) => task.status?.name ?? null },
    { name: 'status_type', of: ({ task }) => task.status?.type ?? null },
    { name: 'priority', of: ({ task }) => task.priority?.name ?? null },
    { name: 'assignee_ids', of: ({ task }) => task.assignees.map(({ id }) => id).join('; ') },
    { name: 'assignees', of: ({ task }) => namesCell(task.assignees) },
    { name: 'creator_id', of: ({ task }) => task.creator?.id ?? null },
    { name: 'list_id', of: ({ task }) => task.list?.id ?? null },
    { name: 'list', of: ({ task }) => task.list?.name ?? null },
    { name: 'folder_id', of: ({ task }) => task.folder?.id ?? null },
    { name: 'folder', of: ({ task }) => task.folder?.name ?? null },
    { name: 'space_id', of: ({ task }) => task.space?.id ?? null },
    { name: 'parent_id', of: ({ task }) => task.parentId },
    { name: 'tags', of: ({ task }) => task.tags.join('; ') },
    { name: 'due_at', of: ({ task }) => timeCell(task.dueAt) },
    { name: 'start_at', of: ({ task }) => timeCell(task.startAt) },
    { name: 'points', of: ({ task }) => task.points },
    { name: 'time_estimate_ms', of: ({ task }) => task.timeEstimateMs },
    { name: 'time_spent_ms', of: ({ task }) => task.timeSpentMs },
    { name: 'custom_fields_json', of: ({ task }) => JSON.stringify(task.customFields) },
    { name: 'created_at', of: ({ task }) => timeCell(task.createdAt) },
    { name: 'updated_at', of: ({ task }) => timeCell(task.updatedAt) },
    { name: 'closed_at', of: ({ task }) => timeCell(task.closedAt) },
    { name: 'done_at', of: ({ task }) => timeCell(task.doneAt) },
    { name: 'observed_at', of: ({ task }) => timeCell(task.observedAt) },
    { name: 'version', of: ({ task }) => task.version },
    { name: 'url', of: ({ task }) => task.url },
  ],
}
