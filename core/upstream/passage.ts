import type { Answer } from './fault.ts'
import type { Told } from './rates.ts'

/**
 * Why no call may be made, until when, and since when that is so (ms since 1970, our clock). `paused`: an operator wants it so, and
 * `until` is when to look again.
 */
export type Blocked = { kind: 'blocked'; why: 'spent' | 'down' | 'tokenDead' | 'paused'; until: number; since: number }

/** Whether calls may be made now, how many, and what is believed of the limit (calls in the longest window). */
export type Passage = { kind: 'free'; calls: number; limit: number } | Blocked

/** How a call that was let in ended. */
export type Ended = {
  ended: Answer<unknown>['kind']
  told: Told
  /** When a call that was refused for its rate may be made again (ms since 1970). */
  retryAt?: number
  credential: string
  probe: boolean
  /** The token was refused, and a newer one is at hand: nothing that others need to know. */
  superseded?: boolean
  /** The provider's code, where the token was refused. */
  code?: string
}
