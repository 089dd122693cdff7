import { csvLine } from './csv.ts'
import type { ExportKind, ExportPage } from './kind.ts'

export type ExportFormat = 'ndjson' | 'csv'

/** A piece of an export: whole lines, how many rows are in it, and how many items could not be read on the way. */
export type ExportChunk = { text: string; rows: number; unreadable: number }

/** Rows as text, page by page: nothing is held but the page at hand. A CSV has its head even when nothing follows. */
export async function* exportText<Row>(
  { json, columns }: Pick<ExportKind<Row>, 'json' | 'columns'>,
  pages: AsyncIterable<ExportPage<Row>>,
  format: ExportFormat,
): AsyncGenerator<ExportChunk> {
  if (format === 'csv') yield { text: csvLine(columns.map(({ name }) => name)), rows: 0, unreadable: 0 }
  const lineOf = (row: Row) =>
    format === 'csv' ? csvLine(columns.map(({ of }) => of(row))) : `${JSON.stringify(json(row))}\n`
  for await (const { rows, unreadable } of pages)
    yield { text: rows.map(lineOf).join(''), rows: rows.length, unreadable }
}
