import { PK, SK } from '../platform/tables.ts'
import { TIME_SK } from '../tasks/read-worklog.ts'
import { type TimeEntry, timeEntryItem } from '../tasks/time-entry.ts'
import { timeCell } from './csv.ts'
import type { ExportKind, ExportPage, ExportServices, ExportSpan } from './kind.ts'
import { connectionOfKey, scanned } from './scan.ts'

export type EntryRow = { connection: string; entry: TimeEntry }

/** The time entries that were changed in the span, deleted ones among them. The whole table is read, whatever is asked for. */
async function* pages(services: ExportServices, span: ExportSpan): AsyncGenerator<ExportPage<EntryRow>> {
  const { since = 0, until, connections } = span
  const found = {
    filter: 'begins_with(#sk, :time) AND #changedAt >= :since AND #changedAt < :until',
    names: { '#sk': SK, '#changedAt': 'changedAt' },
    values: { ':time': TIME_SK, ':since': since, ':until': until },
  }
  for await (const items of scanned(services, { table: services.tables.tasks, ...found })) {
    const page: { rows: EntryRow[]; unreadable: number } = { rows: [], unreadable: 0 }
    for (const item of items) {
      const connection = connectionOfKey(item[PK])
      if (!connections.includes(connection)) continue
      const parsed = timeEntryItem.safeParse(item)
      if (parsed.success) page.rows.push({ connection, entry: parsed.data })
      else page.unreadable += 1
    }
    yield page
  }
}

export const TIME_ENTRIES: ExportKind<EntryRow> = {
  pages,
  // By which telling each detail is, and where it was seen, is the worklog's own affair.
  json: ({ connection, entry: { seen: _seen, told: _told, revision: _revision, ...entry } }) => ({
    connection,
    ...entry,
  }),
  columns: [
    { name: 'entry_id', of: ({ entry }) => entry.entryId },
    { name: 'connection', of: ({ connection }) => connection },
    { name: 'task_id', of: ({ entry }) => entry.taskId },
    { name: 'user_id', of: ({ entry }) => entry.userId },
    { name: 'user_name', of: ({ entry }) => entry.userName ?? null },
    { name: 'start_at', of: ({ entry }) => timeCell(entry.startAt) },
    { name: 'end_at', of: ({ entry }) => timeCell(entry.endAt) },
    { name: 'duration_ms', of: ({ entry }) => entry.durationMs },
    { name: 'running', of: ({ entry }) => entry.running },
    { name: 'description', of: ({ entry }) => entry.description ?? null },
    { name: 'billable', of: ({ entry }) => entry.billable ?? null },
    { name: 'tags', of: ({ entry }) => entry.tags?.join('; ') ?? null },
    { name: 'source', of: ({ entry }) => entry.source ?? null },
    { name: 'deleted', of: ({ entry }) => entry.deleted },
    { name: 'changed_at', of: ({ entry }) => timeCell(entry.changedAt) },
  ],
}
