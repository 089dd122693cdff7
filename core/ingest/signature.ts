import { createHmac, timingSafeEqual } from 'node:crypto'

/** Lower case, as Node and API Gateway give it. */
export const SIGNATURE_HEADER = 'x-signature'

/** HMAC-SHA-256 over the bytes of the body, keyed with the webhook's secret as text, in lower-case hex: as ClickUp signs. */
export const sign = (bytes: Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(bytes).digest('hex')

/** One signature and nothing else: repeated headers arrive joined by a comma and do not pass. */
export const isSignatureShaped = (value: string | undefined): value is string =>
  value !== undefined && /^[0-9a-f]{64}$/.test(value)

/** Whether the body was signed with this secret. Constant time for shaped signatures; never throws. */
export function verifySignature(bytes: Uint8Array, signature: string | undefined, secret: string): boolean {
  // Anybody can sign with the empty key.
  if (secret === '' || !isSignatureShaped(signature)) return false
  // As text, not decoded: both are 64 characters now, and each signature is written in one way only.
  return timingSafeEqual(Buffer.from(sign(bytes, secret)), Buffer.from(signature))
}
