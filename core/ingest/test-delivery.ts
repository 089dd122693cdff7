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
