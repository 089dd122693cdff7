import type { Change, Resource } from '../../ledger/change.ts'
import type { Known } from '../../tasks/known.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import { deferred } from '../defer.ts'
import type { Reading } from '../settings.ts'
import type { Outcome } from '../work.ts'

/** A delivery that only says "look there". */
export type Hint = {
  resource: Resource
  says: 'created' | 'deleted' | null
  receivedAt: number
  /** Changes of the resource that are on their way beside it: what they explain is not to be found again. */
  told: readonly Change[]
  /** What a listing showed of it: then nothing is read. */
  seen?: Seen
}

/** What a look saw, to be compared with what is accounted for; or why it could not look. */
export type Seen =
  | {
      kind: 'seen'
      /** The knowledge that begins with this look, where there was none; `null` when nothing was to be seen. */
      first: Known | null
      changesSince(known: Known | null): Change[]
    }
  | { kind: 'blocked'; outcome: Outcome }

/** While reads may still lag behind what a hint tells of: the time to look again. `null` when its time has come. */
export function tooEarly(
  { receivedAt }: Pick<Hint, 'receivedAt'>,
  now: number,
  { debounceMs }: Reading,
): Outcome | null {
  const until = receivedAt + READ_LAG_MS
  return now < until ? deferred('stale', Math.max(until, now + debounceMs)) : null
}
