import type { Change, Resource } from '../ledger/change.ts'
import type { Known } from '../tasks/known.ts'
import type { Outcome } from './work.ts'

/** A delivery that only says "look there". */
export type Hint = { resource: Resource; says: 'created' | 'deleted' | null; receivedAt: number }

/** What a look saw, to be compared with what is accounted for; or why it could not look. */
export type Seen =
  | {
      kind: 'seen'
      /** The knowledge that begins with this look, where there was none. */
      first: Known
      changesSince(known: Known | null): Change[]
    }
  | { kind: 'blocked'; outcome: Outcome }
