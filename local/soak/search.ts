import fc from 'fast-check'
import type { Break } from './breaks.ts'
import { type Command, commandsArbitrary } from './command.ts'
import { type Played, play } from './play.ts'

/** What came of a seed. */
export type Found =
  | { kind: 'held'; played: Played }
  /** `commands`: the fewest that were found to do it. */
  | { kind: 'failed'; commands: Command[]; violations: string[]; tried: number }

export type SearchOptions = {
  seed: number
  /** So many commands at the most. */
  most: number
  breaks: Break | null
  /** How long a counterexample is made smaller, ms. */
  shrinkMs: number
}

/** Plays the commands that a seed makes; if something does not hold, looks for fewer that do the same. */
export async function search({ seed, most, breaks, shrinkMs }: SearchOptions): Promise<Found> {
  let first: Played | undefined
  const property = fc.asyncProperty(commandsArbitrary(most), async (commands) => {
    const played = await playOrTell({ seed, commands }, breaks)
    first ??= played
    return played.violations.length === 0
  })
  const details = await fc.check(property, {
    ...{ seed, numRuns: 1, endOnFailure: shrinkMs === 0 },
    ...(shrinkMs === 0 ? {} : { interruptAfterTimeLimit: shrinkMs, markInterruptAsFailure: false }),
  })
  if (first === undefined) throw new Error('Nothing was played.')
  if (first.violations.length === 0) return { kind: 'held', played: first }
  const [commands = []] = details.counterexample ?? []
  const { violations } = details.numShrinks === 0 ? first : await playOrTell({ seed, commands }, breaks)
  return { kind: 'failed', commands, violations, tried: details.numShrinks }
}

/** What throws is wrong, too. */
export async function playOrTell(
  run: { seed: number; commands: readonly Command[] },
  breaks: Break | null,
): Promise<Played> {
  try {
    return await play(run, { breaks })
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { violations: [`it threw: ${why}`], compared: 0, lost: 0, swept: 0, happened: 0, virtualMs: 0 }
  }
}
