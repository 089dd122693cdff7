import * as z from 'zod'
import type { Slot } from '../platform/connections.ts'
import { parseSecret } from './parse.ts'

const slotSecretSchema = z.looseObject({
  /** ClickUp's id of the webhook; null until it has been made. */
  webhookId: z.string().nullable(),
  /** The key of the HMAC; an empty one verifies nothing. */
  secret: z.string(),
  /** All three verify: a pending webhook delivers as soon as ClickUp knows it, a retiring one until it is deleted. */
  state: z.enum(['pending', 'active', 'retiring']),
})

/** What the signing secret of a connection holds: one webhook per slot. `{ "v": 1, "slots": {} }` before the first one. */
const signingSecretSchema = z.looseObject({
  v: z.literal(1),
  slots: z.looseObject({ a: slotSecretSchema.optional(), b: slotSecretSchema.optional() }),
})
export type SigningSecret = z.infer<typeof signingSecretSchema>

/** @throws Error without any of the content. */
export const parseSigningSecret = (text: string): SigningSecret =>
  parseSecret(signingSecretSchema, 'signing secret', text)

/** The key that signs the deliveries of a slot, if there is a webhook in it. */
export const secretOfSlot = (signing: SigningSecret, slot: Slot): string | undefined => signing.slots[slot]?.secret

const ms = (fallback: number) => z.number().int().nonnegative().default(fallback)

/** How verifiers keep signing secrets. Whoever replaces a webhook waits one life before ClickUp may use the new one. */
export const signingCacheSchema = z.object({
  lifeMs: ms(300_000),
  // Deliveries that cannot be verified are lost after five tries; an old key is the smaller harm.
  staleMs: ms(3_600_000),
  pauseMs: ms(10_000),
  refreshEveryMs: ms(30_000),
  // Not a verifier's: the guard keeps the secret of a deleted webhook so long, for what was on its way. ClickUp waits 7 seconds.
  lingerMs: ms(15_000),
})
export const SIGNING_CACHE: z.infer<typeof signingCacheSchema> = signingCacheSchema.parse({})
