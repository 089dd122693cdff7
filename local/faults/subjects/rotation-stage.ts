import { CANDIDATE } from '../../../core/secrets/token.ts'
import { CURRENT, holderOf, PENDING } from '../../../core/secrets/versions.ts'
import type { Faults } from '../../clickup/faults.ts'
import type { Machine } from '../../virtual/run.ts'
import { unequal } from '../matrix.ts'
import type { Given, Outcome, Play } from '../subject.ts'
import { MINUTE, SECOND, type SmallWorkspace, smallWorkspace } from './sync-stage.ts'
import { everydayLife, VERIFIERS, watchWebhooks, webhookPlay } from './webhook-stage.ts'

const BEGINS = 6 * MINUTE
/** Verifiers keep a secret for five minutes, and so long a rotation waits. */
const DISTURBED_UNTIL = BEGINS + 8 * MINUTE
/** The function's longest life, the service's repeats, and the overlap of an hour are over by then. */
const SETTLED = 105 * MINUTE
/** And so long after that those of another rotation. */
const AGAIN = 80 * MINUTE

type Rotating = {
  rotated: 'signing' | 'token'
  faults?: Partial<Faults>
  /** What an operator does before each rotation. */
  prepare?(stage: SmallWorkspace): void
  /** What is another when a rotation has come to its end; null where nothing is to be another. */
  renewed(run: Machine): string | null
}

/**
 * A rotation in the middle of everyday life, and another one if the first has ended without success: it may fail, but cleanly.
 */
export function rotationPlay(given: Given, { rotated, faults = {}, prepare, renewed }: Rotating): Play {
  const watch = watchWebhooks(given.variation ?? {}, 2)
  const stage = smallWorkspace({ ...given, variation: watch.variation }, { faults, verifiers: VERIFIERS })
  const { run, at } = stage
  const rotation = run.rotations[rotated]
  const before = renewed(run)
  const refusals: string[] = []
  let ended: 'at once' | 'at the next' | 'never' = 'never'
  let isOver = false

  function begin(): void {
    prepare?.(stage)
    try {
      rotation.begin()
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error))
    }
  }
  const hasEnded = () => rotation.running() === 0 && (before === null || renewed(run) !== before)

  everydayLife(stage, SETTLED, [BEGINS - 10 * SECOND, BEGINS + 5 * MINUTE])
  at(BEGINS, begin)
  at(SETTLED, () => {
    if (hasEnded()) ended = 'at once'
    else {
      begin()
      everydayLife({ ...stage, at: (ms, act) => at(SETTLED + ms, act) }, AGAIN)
    }
  })
  const settledAt = run.startedAt + SETTLED
  const played = webhookPlay(stage, { from: BEGINS, until: DISTURBED_UNTIL, lifeUntil: SETTLED }, watch, () => ({
    ended,
    refusals,
    labels: labelsOf(run, rotated),
  }))
  return {
    ...played,
    longestUntil: played.longestUntil + AGAIN,
    isAtRest() {
      if (run.time.now() <= settledAt) return false
      if (ended === 'never' && !isOver) {
        isOver = run.time.now() > settledAt + AGAIN
        if (isOver && hasEnded()) ended = 'at the next'
        return false
      }
      return played.isAtRest()
    },
  }
}

/** Whether labels stand as a rotation that is over leaves them. */
function labelsOf(run: Machine, rotated: 'signing' | 'token'): string {
  const labels = run.rotations[rotated].labels()
  const [current, pending, candidate] = [CURRENT, PENDING, CANDIDATE].map((label) => holderOf(labels, label))
  if (candidate !== undefined) return 'a candidate is left'
  return pending === undefined || pending === current ? 'settled' : 'a version is left pending'
}

/** A rotation may fail, if nothing is otherwise than before and the next one comes to its end. */
export const promotedOrUnchanged = (outcome: Outcome, undisturbed: Outcome): readonly string[] =>
  unequal(outcome['ended'] === 'at the next' ? { ...outcome, ended: undisturbed['ended'] } : outcome, undisturbed)
