import type { Run } from '../../local/virtual/run.ts'
import { createTruth, type Difference } from '../../local/virtual/truth.ts'
import { atMost, none, shown } from './bounds.ts'
import { isRefused, lostOf } from './measure.ts'
import type { Bound } from './scenario.ts'

const SECOND = 1_000
/** In every scenario snapshots equal the truth so soon. */
const TRUE_WITHIN_MS = 30 * SECOND

export type Watch = {
  /** Nothing happens from now on but what has been set off. */
  quiet(): void
  isOver(): boolean
  /** When everything was done with: no delivery under way, no message left. Null until it is. */
  throughAt(): number | null
  /** When every snapshot equalled the truth. */
  trueAt(): number | null
  /** What must hold in every scenario. */
  common(): Bound[]
  /** For whoever wants to know why not. */
  differences(): Difference[]
}

export type WatchOptions = {
  /** From when on the 30 s count: the last change, or, where there is something to catch up with, the end of that. */
  within30sOf: 'lastChange' | 'catchUp'
  /** Whether a 429 may come at all. */
  refusals?: 'some'
}

/**
 * Sees when a storm has passed: everything that happened is delivered, the queue is empty, no invocation runs, and every
 * snapshot equals the truth. 30 s after the first three the last is waited for no longer.
 */
export function createWatch(run: Run, options: WatchOptions): Watch {
  const { time, clickup, queue, invocations, sync } = run
  const compared = createTruth(clickup, run.snapshot)
  let quietAt: number | null = null
  let throughAt: number | null = null
  let trueAt: number | null = null
  let nextLook = 0

  const isBusy = () =>
    clickup.undelivered() > 0 ||
    queue.open() > 0 ||
    invocations.running > 0 ||
    sync.open() + sync.invocations.running > 0

  function isOver(): boolean {
    if (quietAt === null) return false
    if (isBusy()) {
      throughAt = null
      return false
    }
    const now = time.now()
    throughAt ??= now
    if (now < nextLook) return false
    nextLook = now + SECOND
    // Somebody has to make time pass when nothing else happens any more.
    time.schedule(nextLook, () => undefined)
    if (compared.holds()) trueAt ??= now
    return trueAt !== null || now > throughAt + TRUE_WITHIN_MS
  }

  function truthSeconds(): number {
    const from = options.within30sOf === 'lastChange' ? quietAt : throughAt
    return ((trueAt ?? time.now()) - (from ?? time.now())) / SECOND
  }

  return {
    quiet: () => {
      quietAt = time.now()
    },
    isOver,
    throughAt: () => throughAt,
    trueAt: () => trueAt,
    differences: () => compared.differences(),
    common() {
      const { changes, lost } = lostOf(run)
      const refused = clickup.calls.filter(isRefused).length
      return [
        shown('deliveries', queue.accepted),
        shown('changes', changes),
        shown('tasks', compared.tasks()),
        shown('apiCalls', clickup.calls.length),
        (options.refusals === 'some' ? shown : none)('rateLimited', refused),
        none('openAtTheEnd', queue.open() + clickup.undelivered() + invocations.running),
        none('lostChanges', lost),
        none('quarantined', queue.quarantined),
        none('timedOutInvocations', invocations.timedOut),
        none('failedInvocations', invocations.failed),
        none('wrongSnapshots', new Set(compared.differences().map(({ taskId }) => taskId)).size),
        atMost('truthAfterSeconds', truthSeconds(), TRUE_WITHIN_MS / SECOND),
      ]
    },
  }
}
