import type { SlotSecret } from '../guard/signing-store.ts'
import { SIGNATURE_HEADER, sign } from '../ingest/signature.ts'
import { testDelivery } from '../ingest/test-delivery.ts'
import type { Clock } from '../platform/clock.ts'
import { type Patience, patiently } from './patience.ts'

/** Posts a body with a header to an address; the answer's status, null when none came. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number | null>

/**
 * Sends a signed test delivery to a webhook's address, as ClickUp would. Tried again for a while: the first may meet a verifier
 * that has read the secret a moment too early.
 */
export async function deliverTest(
  { webhookId, secret }: SlotSecret,
  url: string,
  services: { post: Post; clock: Clock; patience: Patience; nonce(): string; forMs: number },
): Promise<{ kind: 'ready' } | { kind: 'failed'; reason: string }> {
  const { post, clock, patience, nonce, forMs } = services
  const deadline = Math.min(patience.deadline, clock.now() + forMs)
  return patiently({ sleep: patience.sleep, deadline }, clock, async () => {
    const body = testDelivery(webhookId ?? '', nonce())
    const signature = sign(Buffer.from(body), secret)
    const status = await post(url, { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature }, body)
    if (status === 200) return { kind: 'ready' } as const
    const came = status === null ? 'no answer came' : `the answer was ${status}`
    return { kind: 'again', reason: `A test delivery signed with the new secret was not accepted at ${url}: ${came}.` }
  })
}
