import { createRandom } from '../../local/clickup/random.ts'
import { createMachine } from '../../local/virtual/machine.ts'
import type { Line } from '../../local/virtual/telemetry.ts'
import type { Variation } from '../../local/virtual/variation.ts'
import { naiveClient, naiveContainer } from './naive.ts'
import type { Bound, Scenario } from './scenario.ts'

/** What runs the consumer's queue: ours, or what most people write. */
type Kind = 'hookline' | 'naive'

export type SimulateOptions = {
  seed: number
  kind?: Kind
  variation?: Variation
  onLine?: (line: Line) => void
}

export type Result = {
  name: string
  kind: Kind
  seed: number
  ok: boolean
  bounds: Bound[]
  /** How long it lasted in its own time, and here. */
  virtualMs: number
  realMs: number
}

/** Plays one scenario to its end with the functions' own code, in virtual time. The same seed makes the same run. */
export async function simulate(scenario: Scenario, options: SimulateOptions): Promise<Result> {
  const { seed, kind = 'hookline', variation = {}, onLine } = options
  const realStart = performance.now()
  const run = createMachine({
    ...{ seed, random: createRandom(seed).fork(scenario.name), clickup: scenario.clickup },
    ...{ maxConcurrency: scenario.consumer?.maxConcurrency, variation, onLine },
    consumer: kind === 'naive' ? { container: naiveContainer, client: naiveClient } : undefined,
  })
  const { time, startedAt } = run
  const plot = scenario.play(run)
  const enough = () => variation.enough?.(run) ?? false
  const done = () => plot.isOver() || enough()
  const ended = await time.run({ until: startedAt + scenario.longestMs, done })
  const bounds = [isOver(ended === 'done', enough()), ...plot.bounds()]
  return {
    ...{ name: scenario.name, kind, seed, bounds, ok: bounds.every(({ ok }) => ok) },
    virtualMs: time.now() - startedAt,
    realMs: performance.now() - realStart,
  }
}

/** A run that has not come to its end has failed, unless more of it was not wanted. */
const isOver = (over: boolean, cut: boolean): Bound => ({
  figure: 'over',
  value: over && !cut ? 1 : 0,
  bound: cut ? null : '1',
  ok: over,
})
