import type { Clock } from '../../core/platform/clock.ts'
import { createCrowd } from './people/crowd.ts'
import { type ActName, type Mix, USUAL_MIX } from './people/mix.ts'
import { placeActs } from './people/place-acts.ts'
import { taskActs } from './people/task-acts.ts'
import type { Random } from './random.ts'
import { systemTimers, type Timers } from './timers.ts'
import type { World } from './world/world.ts'

export { type Mix, USUAL_MIX } from './people/mix.ts'

export type Work = {
  /** Resolves with the number of acts when the count is reached or the work was stopped. */
  readonly done: Promise<number>
  stop(): void
}

/** Draws before an act is given up because nothing could be done. */
const MOST_DRAWS = 50

/**
 * Demo people at work: seeded acts on the world, each of them a change or more. With `ratePerSecond` they are spread over
 * time, else done as fast as the machine can without starving it. Without `count` they go on until stopped.
 */
export function work(options: {
  world: World
  random: Random
  clock: Clock
  count?: number
  ratePerSecond?: number
  /** Weights by act, in place of the usual ones. */
  mix?: Partial<Mix>
  timers?: Timers
}): Work {
  const { world, random, clock, count = Number.POSITIVE_INFINITY, ratePerSecond, timers = systemTimers } = options
  const crowd = createCrowd(world, random)
  const acts = { ...taskActs(world, random, crowd), ...placeActs(world, random, crowd) }
  const weights: Record<ActName, number> = { ...USUAL_MIX, ...options.mix }
  const { promise: done, resolve } = Promise.withResolvers<number>()
  const begun = clock.now()
  let acted = 0
  let stopped = false

  function actOnce(): void {
    const before = world.revision()
    for (let draw = 0; draw < MOST_DRAWS && world.revision() === before; draw++) acts[random.weighted(weights)]()
    acted += 1
  }

  function turn(): void {
    const due = ratePerSecond === undefined ? acted + 1 : ((clock.now() - begun) * ratePerSecond) / 1_000
    // A few at a time: who is to receive all this may live in the same process.
    for (let few = 0; few < 20 && acted < due && acted < count && !stopped; few++) actOnce()
    if (stopped || acted >= count) resolve(acted)
    else if (ratePerSecond === undefined || acted < due) timers.soon(turn)
    else timers.after(Math.min(1_000, Math.max(1, (1_000 * (acted + 1 - due)) / ratePerSecond)), turn)
  }
  timers.soon(turn)

  return {
    done,
    stop: () => {
      stopped = true
    },
  }
}
