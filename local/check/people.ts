import { setTimeout as pause } from 'node:timers/promises'
import { createCrowd } from '../clickup/people/crowd.ts'
import { type ActName, type Mix, USUAL_MIX } from '../clickup/people/mix.ts'
import { placeActs } from '../clickup/people/place-acts.ts'
import { taskActs } from '../clickup/people/task-acts.ts'
import type { Random } from '../clickup/random.ts'
import type { World } from '../clickup/world/world.ts'
import type { Witness } from './witness.ts'

/** Little enough that two acts never share a millisecond, and that latencies are not those of a queue. */
const EVERY_MS = 18

/** Places change by the story; goals are not swept; whoever comes back from the bin does so when somebody looks. */
const MIX: Record<ActName, number> = {
  ...USUAL_MIX,
  ...{ list: 0, folder: 0, space: 0, goal: 0, keyResult: 0, restoreTask: 0 },
  ...{ editTime: 16, deleteTime: 8 },
}
const MOST_DRAWS = 50

export type People = {
  /** So many acts, one after the other. */
  act(count: number): Promise<void>
  /** One act by the story. */
  does(act: () => void): Promise<void>
  /** When the last act was, ms since 1970. */
  lastAt(): number
}

/** People at work, each act looked at before the next. @param options `mix`: weights by act, in place of the usual ones */
export function createPeople(
  world: World,
  random: Random,
  witness: Witness,
  { everyMs = EVERY_MS, mix = {} }: { everyMs?: number; mix?: Partial<Mix> } = {},
): People {
  const crowd = createCrowd(world, random)
  const acts = { ...taskActs(world, random, crowd), ...placeActs(world, random, crowd) }
  const weights: Record<ActName, number> = { ...MIX, ...mix }
  let lastAt = 0

  async function does(act: () => void): Promise<void> {
    act()
    witness.look()
    lastAt = world.now()
    await pause(everyMs)
    // A timer may be early.
    while (world.now() <= lastAt) await pause(1)
  }

  return {
    async act(count) {
      for (let done = 0; done < count; done++)
        await does(() => {
          const before = world.revision()
          for (let draw = 0; draw < MOST_DRAWS && world.revision() === before; draw++) acts[random.weighted(weights)]()
        })
    },
    does,
    lastAt: () => lastAt,
  }
}
