import { mustBeWhole } from '../../core/export/cursor.ts'
import type { ExportServices, ExportSpan } from '../../core/export/kind.ts'
import { connectionOf } from '../connect/examine.ts'
import type { Io } from '../io.ts'
import type { Target } from '../target.ts'
import { readCursor } from './cursor-file.ts'
import type { ExportOptions } from './export-options.ts'

/** What is to be exported: from the cursor file where there is one, else as the operator says. */
export async function chosenSpan(
  io: Io,
  target: Target,
  { what, connection, since, until = io.now(), cursorFile }: ExportOptions,
  services: ExportServices,
): Promise<ExportSpan> {
  const connections = connection === undefined ? target.connections : [connectionOf(target, connection)]
  const expected = { what, target: target.label, connections }
  const saved = cursorFile === undefined ? undefined : await readCursor(io.cwd, cursorFile, expected)
  const begin = saved === undefined ? since : (saved.cursor ?? undefined)
  const span = { since: begin, until, connections }
  if (saved === undefined || begin === undefined) return span
  if (!(await mustBeWhole(what, services, { connections, since: begin }))) return span
  io.note('A history was read since the last export: all time entries are exported.')
  return { ...span, since: undefined }
}
