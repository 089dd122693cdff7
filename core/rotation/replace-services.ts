import type { Webhooks } from '../clickup/webhooks.ts'
import type { SigningStore } from '../guard/signing-store.ts'
import type { SessionServices } from '../guard/state.ts'
import type { Slot } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { GapStore } from '../sync/gaps.ts'
import type { SendJob } from '../sync/job.ts'
import type { Patience } from './patience.ts'
import type { Post } from './test-delivery.ts'

/** What replacing a webhook takes. */
export type ReplaceServices = SessionServices & {
  signing: SigningStore
  /** By the token of whoever makes the new webhook. */
  api: Webhooks
  /** Whose token that is. */
  userId: string
  /** Whose webhook is replaced. */
  formerUserId: string
  urls: Readonly<Record<Slot, string>>
  gaps: GapStore
  sendJob: SendJob
  sendGuard: SendJob
  post: Post
  /** New for each call. */
  nonce(): string
  log: Log
  /** How long a new secret waits until it is known (see `waitsOf`). */
  waits: { always: number; soon: number }
  overlapMs: number
  patience: Patience
}
