import { type Parsed, readArguments, seedOf } from '../../local/check/arguments.ts'
import { SUBJECTS, type Subject } from './subjects.ts'

export type MutationOptions = {
  seed: number
  subjects: readonly Subject[]
  /** Nothing but the JSON line. */
  json: boolean
  /** What is broken on purpose, to see that too few changes are noticed then. */
  breaks: 'tests' | null
}

/** A subject of which less is noticed is not tested well enough, in percent. */
export const LEAST_SCORE = 90

const NAMES = SUBJECTS.map(({ name }) => name).join(', ')

export const HELP = `Judges the tests of what everything else rests on: changes the code in one place after another, a comparison turned
round, say, or a line left out, and runs the tests that touch that place. A change that no test notices has survived.

Usage: npm run mutate -- [options]

  --only NAMES   some subjects only, with commas between them: ${NAMES}
  --seed N       the order in which the files of the tests run (default: 1)
  --json         nothing but one JSON line on standard output; npm -s run mutate keeps npm's away
  --break tests  leaves out the tests that speak of the subject itself: too much survives. It must end with 1
  --help         this text

Ends with 0 when of every subject ${LEAST_SCORE} % of the changes were noticed, at least, and each that was not is explained in
test/mutation/explained.ts; else with 1. It takes its time: docs/reliability.md says how much.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<MutationOptions> {
  const read = readArguments(args, {
    only: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const { only, json = false } = read
  if (read.break !== undefined && read.break !== 'tests') return wrong(`--break knows tests, not ${read.break}`)
  const breaks = read.break ?? null
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  const named = only?.split(',')
  const unknown = named?.find((name) => !SUBJECTS.some((subject) => subject.name === name))
  if (unknown !== undefined) return wrong(`--only knows ${NAMES}, not ${unknown || 'nothing'}`)
  const subjects = SUBJECTS.filter(({ name }) => named?.includes(name) ?? true)
  return { kind: 'check', options: { seed, subjects, json, breaks } }
}

const wrong = (message: string): Parsed<MutationOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run mutate -- --help`,
})
