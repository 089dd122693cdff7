import type { Faults } from '../faults.ts'
import type { Random } from '../random.ts'

/** What is decided once for an act, so that all its deliveries, twins included, share it. */
export type Fortune = {
  readonly lost: boolean
  /** How much later than usual its deliveries leave; 0 for most. */
  readonly lateMs: number
}

/** Draws the fortune of one act after the other. What is drawn for one depends on the seed and its number alone. */
export function createFortunes(faults: Faults, random: Random): () => Fortune {
  let number = 0
  return () => {
    number += 1
    const fork = random.fork(number)
    const lost = fork.chance(faults.lostChanges)
    const late = fork.chance(faults.lateChanges.share)
    return { lost, lateMs: late ? faults.lateChanges.ms : 0 }
  }
}
