import { type LedgerTable, type Recorded, resourceHistory } from '../ledger/history.ts'
import { type PublishedPage, publishedBetween } from '../ledger/published.ts'

/** What is to be published again. Times are when it was published first, milliseconds since 1970; `until` is not in it. */
export type ReplaySelection = {
  since: number
  until: number
  connections: readonly string[]
  /** All resources when undefined. */
  task?: string | undefined
  /** All fields when undefined. */
  field?: string | undefined
}

/** The changes of a selection, in the order in which they were published. */
export async function* recordedIn(ledger: LedgerTable, selection: ReplaySelection): AsyncGenerator<PublishedPage> {
  const { connections, field, task } = selection
  const isWanted = (change: Recorded) =>
    connections.includes(change.connection) && (field === undefined || change.field === field)
  const pages = task === undefined ? publishedBetween(ledger, selection) : historyOf(ledger, task, selection)
  for await (const { changes, unreadable } of pages) yield { changes: changes.filter(isWanted), unreadable }
}

/** By the resource's own key: a task's few changes in a year need not be looked for among everybody's. */
async function* historyOf(
  ledger: LedgerTable,
  id: string,
  { connections, since, until }: ReplaySelection,
): AsyncGenerator<PublishedPage> {
  const resource = { kind: 'task', id }
  const histories = await Promise.all(
    connections.map((connection) => resourceHistory(ledger, { connection, resource, since: undefined })),
  )
  const changes = histories
    .flatMap((history) => history.changes)
    .filter(({ publishedAt }) => publishedAt >= since && publishedAt < until)
    .sort((a, b) => a.publishedAt - b.publishedAt)
  yield { changes, unreadable: histories.reduce((sum, history) => sum + history.unreadable, 0) }
}
