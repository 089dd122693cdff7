import { type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'
import { BREAKS, type Break, isBreak } from './breaks.ts'

export type SoakOptions = {
  seed: number
  /** Until when it begins further runs. */
  minutes: number
  /** How many runs there are at the most; null for as many as the time allows. */
  runs: number | null
  commands: number
  json: boolean
  breaks: Break | null
  /** Plays the runs that have failed once, and no others. */
  kept: boolean
}

const names = Object.keys(BREAKS).join(', ')
const DEFAULT_MINUTES = 5
const DEFAULT_COMMANDS = 25

export const HELP = `Lets whatever may happen to the whole system happen in any order, in virtual time, and compares what is known
at the end with what happened: the functions' own code against a fake ClickUp, queues, tables and secrets.

Usage: npm run soak -- [options]

  --minutes N    begins runs for so long (default: ${DEFAULT_MINUTES}). Ctrl-C ends it with what was seen so far
  --runs N       so many runs at the most
  --seed N       the first run's seed; each further run has the next one (default: 1)
  --commands N   so many things happen in a run at the most (default: ${DEFAULT_COMMANDS})
  --kept         the runs that have failed once (test/soak/seeds.json), and no others
  --json         nothing but one JSON line on standard output
  --break WHAT   breaks something on purpose, which must be found: ${names}
  --help         this text

What happens: people work, many tasks change at once, tasks are deleted and restored, places and members change; spaces go out of
our token's sight and come back; deliveries are lost, doubled, reordered and late; ClickUp is down, slow, or its budget used by
somebody else; webhooks are suspended, silent or deleted; signing secrets and tokens are rotated, a token dies; the stage is paused;
workers are killed; a backfill, sweeps, censuses and the guard run at any time. Then all is restored, and guard, sweeps and a census
repair what was lost.

Of what fails the fewest commands are looked for that do the same; they are shown and kept in test/soak/seeds.json.

Ends with 0 when everything held and something was compared; else with 1.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<SoakOptions> {
  const read = readArguments(args, {
    ...{ seed: { type: 'string' }, minutes: { type: 'string' }, runs: { type: 'string' } },
    ...{ commands: { type: 'string' }, break: { type: 'string' } },
    ...{ kept: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const { break: broken = null } = read
  if (broken !== null && !isBreak(broken)) return wrong(`--break knows ${names}, not ${broken}`)
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  const minutes = wholeNumber('--minutes', read.minutes, { min: 1, max: 10_080, absent: DEFAULT_MINUTES })
  if (typeof minutes === 'string') return wrong(minutes)
  const runs = wholeNumber('--runs', read.runs, { min: 1, max: 1_000_000, absent: 0 })
  if (typeof runs === 'string') return wrong(runs)
  const commands = wholeNumber('--commands', read.commands, { min: 1, max: 500, absent: DEFAULT_COMMANDS })
  if (typeof commands === 'string') return wrong(commands)
  const { kept = false, json = false } = read
  return {
    kind: 'check',
    options: { seed, minutes, runs: runs === 0 ? null : runs, commands, breaks: broken, kept, json },
  }
}

const wrong = (message: string): Parsed<SoakOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run soak -- --help`,
})
