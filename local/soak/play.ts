import type { Line } from '../virtual/telemetry.ts'
import type { Break } from './breaks.ts'
import type { Command } from './command.ts'
import { judge } from './judge.ts'
import { perform } from './perform.ts'
import { createScene } from './scene.ts'
import { settle } from './settle.ts'

export type Played = {
  /** Empty where all held. */
  violations: string[]
  /** What was held against each other, what ClickUp never delivered, and what sweeps have found. */
  compared: number
  lost: number
  swept: number
  /** Everything that happened in ClickUp. */
  happened: number
  virtualMs: number
}

const BACKFILL_MS = 5 * 60_000

/** Plays the commands in a workspace of the seed, lets all come to rest, and judges it. */
export async function play(
  { seed, commands }: { seed: number; commands: readonly Command[] },
  { breaks = null, onLine }: { breaks?: Break | null; onLine?: (line: Line) => void } = {},
): Promise<Played> {
  const scene = createScene(seed, breaks, onLine)
  const { machine, always } = scene
  machine.sync.send({ job: 'backfill', reason: 'asked', days: null })
  await scene.pass(BACKFILL_MS)
  for (const command of commands) await perform(scene, command)
  const restless = await settle(scene)
  const { violations, ...judged } = await judge(scene)
  return {
    ...judged,
    violations: [...always.violations(), ...restless, ...violations],
    happened: machine.clickup.log.changes().length,
    virtualMs: machine.time.now() - machine.startedAt,
  }
}
