import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Resource } from '../ledger/change.ts'
import { recentChanges } from '../ledger/day.ts'

/** How far back the last delivery is looked for, in days. */
export const STATUS_DAYS = 14
const DAY_MS = 86_400_000
/** The clocks of the functions may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000
/** Deliveries come out of order: the newest of so many changes is the last one for all that an operator can tell. */
const CANDIDATES = 50

/** A delivery that made a change; one that only repeated a known change leaves no trace in the ledger. */
export type LastDelivery = {
  receivedAt: number
  publishedAt: number
  changeId: string
  connection: string
  resource: Resource
  field: string
}

/** The newest one of all connections, null for none within the days, and how many changes could not be read on the way. */
export async function findLastDelivery(
  ledger: { dynamo: DynamoDBDocumentClient; table: string },
  now: number,
): Promise<{ delivery: LastDelivery | null; unreadable: number }> {
  const { changes, unreadable } = await recentChanges(ledger, {
    since: now - STATUS_DAYS * DAY_MS,
    until: now + AHEAD_MS,
    limit: CANDIDATES,
    wanted: ({ origin }) => origin === 'webhook',
  })
  const last = changes.reduce<(typeof changes)[number] | null>(
    (newest, change) => (newest === null || change.receivedAt > newest.receivedAt ? change : newest),
    null,
  )
  if (last === null) return { delivery: null, unreadable }
  const { receivedAt, publishedAt, id, connection, resource, field } = last
  return { delivery: { receivedAt, publishedAt, changeId: id, connection, resource, field }, unreadable }
}
