import { CHANGES } from './changes.ts'
import type { ExportName, ExportServices, ExportSpan } from './kind.ts'
import { STATUS_INTERVALS } from './status-intervals.ts'
import { TASKS } from './tasks.ts'
import { type ExportChunk, type ExportFormat, exportText } from './text.ts'
import { TIME_ENTRIES } from './time-entries.ts'

/** An export as text, page by page. */
export function exported(
  name: ExportName,
  services: ExportServices,
  span: ExportSpan,
  format: ExportFormat,
): AsyncGenerator<ExportChunk> {
  switch (name) {
    case 'changes':
      return exportText(CHANGES, CHANGES.pages(services, span), format)
    case 'tasks':
      return exportText(TASKS, TASKS.pages(services, span), format)
    case 'status-intervals':
      return exportText(STATUS_INTERVALS, STATUS_INTERVALS.pages(services, span), format)
    case 'time-entries':
      return exportText(TIME_ENTRIES, TIME_ENTRIES.pages(services, span), format)
  }
}

/** The columns of a CSV, for help texts. */
export const columnsOf = (name: ExportName): readonly string[] =>
  ({ changes: CHANGES, tasks: TASKS, 'status-intervals': STATUS_INTERVALS, 'time-entries': TIME_ENTRIES })[
    name
  ].columns.map((column) => column.name)
