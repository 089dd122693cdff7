import type { Slot } from '../platform/connections.ts'
import type { Cached } from '../secrets/cached.ts'
import { type SigningSecret, secretOfSlot } from '../secrets/signing.ts'
import { verifySignature } from './signature.ts'

export type Authenticity =
  | { kind: 'genuine'; refetched: boolean }
  | { kind: 'forged'; reason: 'signature' | 'unknownSlot'; refetched: boolean }
  /** Nothing can be said: the secret could not be read. */
  | { kind: 'unknown'; error: unknown }

/**
 * Whether ClickUp sent these bytes to this slot. When the cached secret does not say so, the webhook may be newer than the
 * cache: then it is read again, which the cache allows only now and then, so that forgeries cannot run up our bill.
 */
export async function authenticate(
  { connection, slot, bytes, signature }: { connection: string; slot: Slot; bytes: Uint8Array; signature: string },
  secrets: Cached<SigningSecret>,
): Promise<Authenticity> {
  const verifies = (signing: SigningSecret) => {
    const secret = secretOfSlot(signing, slot)
    return secret !== undefined && verifySignature(bytes, signature, secret)
  }
  try {
    if (verifies(await secrets.get(connection))) return { kind: 'genuine', refetched: false }
    // Also without a fetch of its own the value may be newer now: somebody else's fetch has ended meanwhile.
    const { value, refetched } = await secrets.refresh(connection)
    if (verifies(value)) return { kind: 'genuine', refetched }
    const reason = secretOfSlot(value, slot) === undefined ? 'unknownSlot' : 'signature'
    return { kind: 'forged', reason, refetched }
  } catch (error) {
    return { kind: 'unknown', error }
  }
}
