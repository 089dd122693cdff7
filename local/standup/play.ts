import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '../clickup/random.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { ordinaryWork, type Planted, plantsOf } from './plant.ts'
import type { Prepared } from './prepared.ts'

/** Little enough that two acts never share a millisecond, and that a run is no storm. */
const EVERY_MS = 12

/**
 * Lets people work for a day: so many ordinary acts, and among them what is planted.
 * @returns what was planted
 */
export async function playDay(
  { world }: Pick<FakeClickUp, 'world'>,
  prepared: Prepared,
  { seed, acts }: { seed: number; acts: number },
): Promise<readonly Planted[]> {
  const random = createRandom(seed)
  const work = ordinaryWork(world, random.fork('people'), prepared)
  const plants = plantsOf(world, random.fork('plants'), prepared)
  const between = Math.ceil(acts / plants.acts.length)
  for (const [i, plant] of plants.acts.entries()) {
    const many = Math.min(between, Math.max(0, acts - i * between))
    for (let count = 0; count < many; count += 1) await after(work)
    await after(plant)
  }
  return plants.planted

  async function after(act: () => void): Promise<void> {
    act()
    const at = world.now()
    await pause(EVERY_MS)
    // A timer may be early.
    while (world.now() <= at) await pause(1)
  }
}
