import type { Seen } from './calls.ts'

/**
 * What may become of one outgoing call. The functions run without the SDK's own retries here: what fails has failed after
 * them, and `twice` is what they do when an answer is lost.
 */
export const FAULTS = {
  diesBefore: 'the function ends before the call',
  diesAfter: 'the function ends when the call has been made, before its answer',
  fails: 'the service answers with an error of its own',
  timesOut: 'no answer, and nothing has happened',
  timesOutAfter: 'no answer, and it has happened all the same',
  twice: 'it happens twice, and the second answer is the one that is heard',
  throttled: 'refused because of too many calls',
  refused: 'refused for lack of rights; the next is allowed again',
  oneEntry: 'one entry of a batch is refused, and the others are not',
  allEntries: 'each entry of a batch is refused, and the call succeeds',
  frozen: 'the function stands still before the call until long after another has done its work, then goes on',
  overlaps: 'the function stands still before the call until another comes to the same call, then both go on',
} as const
export type Fault = keyof typeof FAULTS

export const isFault = (name: string): name is Fault => Object.hasOwn(FAULTS, name)
const ALL = Object.keys(FAULTS).filter(isFault)

/** Longer than any visibility and any lease: somebody else has the work, and most often has done it. */
export const FROZEN_MS = 900_000

/** The faults that can befall a call. Of two that come to the same for it, one. */
export function faultsOf({ isRead, entries, service, name }: Seen): Fault[] {
  return ALL.filter((fault) => {
    switch (fault) {
      case 'diesAfter':
      case 'timesOutAfter':
        return !isRead
      case 'throttled':
      case 'refused':
        // A read of AWS fails in one way only, whatever the reason is called.
        return !isRead || service === 'ClickUp'
      case 'twice':
        // A read twice is a read; but each call to ClickUp is one of few.
        return !isRead || service === 'ClickUp'
      case 'oneEntry':
        return isPartial(name) && entries > 1
      case 'allEntries':
        return isPartial(name)
      default:
        return true
    }
  })
}

const PARTIAL: readonly string[] = ['SendMessageBatch', 'PutEvents', 'BatchGetItem', 'BatchWriteItem']
const isPartial = (name: string) => PARTIAL.includes(name)
