import type { Clock } from '../../../core/platform/clock.ts'
import type { Expression } from './expression.ts'
import { nextFire } from './next-fire.ts'

/** Runs something after a delay in milliseconds; what it returns calls it off. */
export type Timer = (ms: number, run: () => void) => () => void

/** Never keeps the process alive by itself. */
export const systemTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** Node's timers end at 2^31 ms, and a laptop that slept should not be hours late. */
const LONGEST_WAIT_MS = 60_000

export type Scheduler = {
  /** @param fire gets the time at which it was due. */
  add(expression: Expression, fire: (dueAt: number) => void): void
  close(): void
}

/** Fires what is due, each time once; what was missed while the machine slept is fired once, late. */
export function createScheduler(clock: Clock, timer: Timer): Scheduler {
  const callOffs = new Set<() => void>()
  let closed = false

  function add(expression: Expression, fire: (dueAt: number) => void): void {
    const start = clock.now()
    const arm = (dueAt: number | undefined) => {
      if (dueAt === undefined || closed) return
      const callOff = timer(Math.min(Math.max(dueAt - clock.now(), 0), LONGEST_WAIT_MS), () => {
        callOffs.delete(callOff)
        const now = clock.now()
        if (now < dueAt) return arm(dueAt)
        arm(nextFire(expression, now, start))
        fire(dueAt)
      })
      callOffs.add(callOff)
    }
    arm(nextFire(expression, start, start))
  }

  function close(): void {
    closed = true
    for (const callOff of callOffs) callOff()
    callOffs.clear()
  }

  return { add, close }
}
