import { type Recorded, readItem } from '../ledger/history.ts'
import { publishedBetween } from '../ledger/published.ts'
import { timeCell } from './csv.ts'
import type { ExportKind, ExportPage, ExportServices, ExportSpan } from './kind.ts'
import { scanned } from './scan.ts'

/**
 * Every change, by when it was published. From a time on they come by the day index, in the order in which they were
 * published; all of them come by a scan, in no order, which costs a fraction of it.
 */
async function* pages(services: ExportServices, span: ExportSpan): AsyncGenerator<ExportPage<Recorded>> {
  const { since, until, connections } = span
  const { dynamo, tables } = services
  const isWanted = ({ connection, publishedAt }: Recorded) =>
    connections.includes(connection) && publishedAt >= (since ?? 0) && publishedAt < until
  if (since !== undefined) {
    for await (const { changes, unreadable } of publishedBetween({ dynamo, table: tables.ledger }, { since, until }))
      yield { rows: changes.filter(isWanted), unreadable }
    return
  }
  const done = {
    filter: '#status <> :claimed',
    names: { '#status': 'status' },
    values: { ':claimed': 'claimed' },
  }
  for await (const items of scanned(services, { table: tables.ledger, ...done })) {
    const read = items.map(readItem)
    yield {
      rows: read.flatMap((each) => (each.kind === 'done' && isWanted(each.change) ? each.change : [])),
      unreadable: read.filter(({ kind }) => kind === 'unreadable').length,
    }
  }
}

export const CHANGES: ExportKind<Recorded> = {
  pages,
  // The order is the ledger's own affair.
  json: ({ order: _order, ...change }) => change,
  columns: [
    { name: 'change_id', of: ({ id }) => id },
    { name: 'connection', of: ({ connection }) => connection },
    { name: 'resource_kind', of: ({ resource }) => resource.kind },
    { name: 'resource_id', of: ({ resource }) => resource.id },
    { name: 'field', of: ({ field }) => field },
    { name: 'custom_field_id', of: ({ customField }) => customField?.id ?? null },
    { name: 'custom_field_name', of: ({ customField }) => customField?.name ?? null },
    { name: 'before_json', of: ({ before }) => (before === null ? null : JSON.stringify(before)) },
    { name: 'after_json', of: ({ after }) => (after === null ? null : JSON.stringify(after)) },
    { name: 'at', of: ({ at }) => timeCell(at) },
    { name: 'at_earliest', of: ({ atEarliest }) => timeCell(atEarliest) },
    { name: 'actor_id', of: ({ actor }) => actor?.id ?? null },
    { name: 'actor_name', of: ({ actor }) => actor?.name ?? null },
    { name: 'origin', of: ({ origin }) => origin },
    { name: 'received_at', of: ({ receivedAt }) => timeCell(receivedAt) },
    { name: 'published_at', of: ({ publishedAt }) => timeCell(publishedAt) },
    { name: 'list_id', of: ({ listId }) => listId },
    { name: 'told_by', of: ({ toldBy }) => toldBy ?? null },
  ],
}
