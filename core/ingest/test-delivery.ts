import * as z from 'zod'
import type { Delivery } from './delivery.ts'

/** The event of a delivery that we send to ourselves; ClickUp has none of this name. */
export const TEST_EVENT = 'hooklineTest'

/**
 * The body of a delivery that goes the whole public way and ends at the verifier: it asks whether a secret verifies there,
 * and is answered `tested` once its signature is found genuine. Whoever could replay one learns nothing and changes nothing.
 *
 * @param webhookId ClickUp's id of the webhook whose secret signs the body
 * @param nonce new for each delivery, so that no two have one signature
 */
export const testDelivery = (webhookId: string, nonce: string): string =>
  JSON.stringify({ event: TEST_EVENT, webhook_id: webhookId, nonce })

/**
 * The body of a test delivery that goes on: over the queue and through the consumer into the ledger, where it leaves one mark
 * and no change. Replayed, it leaves the same mark, which the ledger forgets after a day.
 *
 * @param nonce a UUID, which names the mark
 */
export const canaryDelivery = (webhookId: string, nonce: string): string =>
  JSON.stringify({ event: TEST_EVENT, webhook_id: webhookId, nonce, ledger: true })

const canarySchema = z.looseObject({ ledger: z.literal(true), nonce: z.uuid() })

/** What names the mark of a test delivery that is to go on; null for one that ends here. */
export function canaryOf(delivery: Delivery): string | null {
  const parsed = canarySchema.safeParse(delivery)
  return parsed.success ? parsed.data.nonce : null
}
