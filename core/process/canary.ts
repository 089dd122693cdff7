import type { DeliveryMessage } from '../ingest/message.ts'
import type { Change } from '../ledger/change.ts'
import { keyOf } from '../ledger/keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { timePart } from '../platform/tables.ts'

/** Days after which the ledger forgets a mark that nobody has removed. */
export const CANARY_DAYS = 1

/**
 * Where a test delivery leaves its mark. A claim and nothing more: it has no index attributes, so no history, replay or export
 * ever meets it, and nothing is published.
 */
const canaryChange = (connection: string, nonce: string): Change => ({
  ...{ id: nonce, connection, resource: { kind: 'canary', id: nonce }, field: 'canary', customField: null },
  ...{ before: null, after: null, at: 0, atEarliest: 0, order: timePart(0), actor: null, origin: 'webhook' },
  ...{ receivedAt: 0, listId: null },
})

/** The mark's key in the ledger. */
export const canaryKey = (connection: string, nonce: string) => keyOf(canaryChange(connection, nonce))

/** Marks that a test delivery has come as far as the ledger. Coming twice it finds its mark there. */
export async function runCanary({ connection, body }: DeliveryMessage, ledger: Pick<Ledger, 'claim'>): Promise<void> {
  await ledger.claim(canaryChange(connection, body))
}
