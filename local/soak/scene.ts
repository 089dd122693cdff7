import { createWitness, type Witness } from '../check/witness.ts'
import type { Faults } from '../clickup/faults.ts'
import { type Crowd, createCrowd } from '../clickup/people/crowd.ts'
import { createRandom, type Random } from '../clickup/random.ts'
import { createMachine } from '../virtual/machine.ts'
import type { Machine } from '../virtual/run.ts'
import type { Line } from '../virtual/telemetry.ts'
import { type Always, watchAlways } from './always.ts'
import { type Break, variationOf } from './breaks.ts'

/** A small workspace at work, and everything that may happen to it. */
export type Scene = {
  readonly machine: Machine
  readonly witness: Witness
  readonly always: Always
  readonly crowd: Crowd
  readonly breaks: Break | null
  /** What people do in the next act is decided by this. */
  decideBy(seed: number): Random
  /** One thing that people do. */
  act(act: () => void): Promise<void>
  /** Lets time pass, ms. */
  pass(ms: number): Promise<void>
  /** When the last act was, ms since 1970. */
  lastActAt(): number
  /** Says that work was ended in the middle, so that a change may be published again. */
  crashed(): void
  /** How often that was. */
  crashes(): number
}

/** Connected and at rest, with its history still to be read. */
export function createScene(seed: number, breaks: Break | null, onLine?: (line: Line) => void): Scene {
  const random = createRandom(seed).fork('soak')
  const machine = createMachine({
    ...{ seed, random, verifiers: 2, onLine, variation: variationOf(breaks) },
    clickup: {
      ...{ tasks: 12, mostInAList: 1 },
      faults: { ...usual(), defaultOrder: random.pick(['ascending', 'descending'] as const) },
    },
  })
  const { clickup, time } = machine
  const witness = createWitness(clickup)
  const always = watchAlways(machine)
  let decisions = random
  const crowd = createCrowd(
    clickup.world,
    switchable(() => decisions),
  )
  let lastActAt = time.now()
  let crashes = 0

  async function pass(ms: number): Promise<void> {
    const until = time.now() + ms
    // Time does not pass where nothing is left to happen.
    time.schedule(until, () => undefined)
    await time.run({
      until,
      done: () => {
        always.look()
        return false
      },
    })
    always.lookAtAll()
  }

  return {
    ...{ machine, witness, always, crowd, breaks, pass },
    decideBy(own) {
      decisions = createRandom(seed).fork(`decisions ${own}`)
      return decisions
    },
    async act(act) {
      act()
      witness.look()
      lastActAt = time.now()
      // No two acts share a millisecond, or nobody could say which was first.
      await pass(1)
    },
    lastActAt: () => lastActAt,
    crashed: () => {
      crashes += 1
    },
    crashes: () => crashes,
  }
}

/** ClickUp as it is on an ordinary day; made anew each time, because a run that silences a webhook must not do so for the next one. */
export const usual = (): Partial<Faults> => ({
  latencyMs: { min: 50, max: 300 },
  readLagMs: 0,
  deliveryDelayMs: { min: 100, max: 1_500 },
  reorderingMs: 500,
  duplicates: 0.05,
  lostChanges: 0,
  lateChanges: { share: 0, ms: 0 },
  silentWebhooks: [],
  outage: null,
  retrySpacingMs: 5_000,
  allowSecondWebhook: 'otherEndpoint',
})

/** One stream of decisions after the other, under one name. */
const switchable = (current: () => Random): Random => ({
  next: () => current().next(),
  int: (min, max) => current().int(min, max),
  chance: (probability) => current().chance(probability),
  pick: (items) => current().pick(items),
  weighted: (weights) => current().weighted(weights),
  shuffle: (items) => current().shuffle(items),
  text: (alphabet, length) => current().text(alphabet, length),
  uuid: () => current().uuid(),
  fork: (label) => current().fork(label),
})
