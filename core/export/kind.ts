import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Cell } from './csv.ts'

export const EXPORTS = ['changes', 'tasks', 'status-intervals', 'time-entries'] as const
export type ExportName = (typeof EXPORTS)[number]

export type ExportServices = {
  dynamo: DynamoDBDocumentClient
  tables: { ledger: string; tasks: string; state: string }
}

/** By ingestion time, milliseconds since 1970: from `since`, everything where it is undefined, to before `until`. */
export type ExportSpan = { since: number | undefined; until: number; connections: readonly string[] }

/** `unreadable`: items in a form that is not ours. */
export type ExportPage<Row> = { rows: readonly Row[]; unreadable: number }

type ExportColumn<Row> = { name: string; of(row: Row): Cell }

/** One of the things that can be exported: how it is read, and what a row looks like. */
export type ExportKind<Row> = {
  pages(services: ExportServices, span: ExportSpan): AsyncIterable<ExportPage<Row>>
  /** The object of a line of NDJSON. */
  json(row: Row): object
  columns: readonly ExportColumn<Row>[]
}
