import { faultText } from '../guard/fault-text.ts'
import type { Fault } from '../upstream/fault.ts'

/** It is over, and nothing is changed by it; one sentence for people. */
export type Failed = { kind: 'failed'; reason: string }
/** It may go better in a moment; what to say if it does not. */
export type Again = { kind: 'again'; reason: string }

export const failed = (reason: string): Failed => ({ kind: 'failed', reason })
export const again = (fault: Fault): Again => ({ kind: 'again', reason: faultText(fault) })
export const GIVEN_UP = failed('The rotation was given up, or another run has taken it over.')
