import { type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'
import { FAULTS, isFault } from './faults.ts'
import { SUBJECTS } from './subjects/index.ts'

export type FaultsOptions = {
  seed: number
  /** Names of subjects. */
  only: readonly string[]
  faults: readonly string[]
  at: number | null
  every: number
  random: number
  breaks: string | null
  /** Nothing but the JSON line. */
  json: boolean
}

const width = Math.max(...[...SUBJECTS.map(({ name }) => name), ...Object.keys(FAULTS)].map(({ length }) => length))
const lines = (rows: readonly (readonly [string, string])[]) =>
  rows.map(([name, text]) => `  ${name.padEnd(width + 2)}${text}`).join('\n')
const BREAKS: readonly string[] = [...new Set(SUBJECTS.flatMap(({ breaks }) => Object.keys(breaks)))]

export const HELP = `Checks that whatever call fails and wherever a function ends, the end is the same: plays the functions' own code in
virtual time, disturbs one outgoing call of it, lets the queues bring again what they have, and compares what came of it with
an undisturbed run; then the next call, and every fault that can befall it.

Usage: npm run check:faults -- [options]

  --seed N       repeats the same runs (default: 1)
  --only NAME    one subject, or all that begin so; may be given again
  --fault NAME   one fault; may be given again
  --at N         one call, by its place in the undisturbed run
  --every K      only each K-th of all points, from one on that the seed says
  --random N     instead of it N runs in which every call may be disturbed, at 2 %
  --break WHAT   breaks something on purpose, from outside: ${BREAKS.join(', ')}.
                 Ends with 1 as soon as it has shown
  --json         nothing but one JSON line on standard output; npm -s run check:faults keeps npm's away
  --help         this text

Subjects:
${lines(SUBJECTS.map(({ name, title }) => [name, title]))}

Faults:
${lines(Object.entries(FAULTS))}

Ends with 0 when every run ended as the undisturbed one and some were compared; else with 1, with a command for each that
did not.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<FaultsOptions> {
  const read = readArguments(args, {
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    fault: { type: 'string', multiple: true },
    at: { type: 'string' },
    every: { type: 'string' },
    random: { type: 'string' },
    break: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const { only = [], fault: faults = [], break: breaks = null, json = false } = read
  const stranger = only.find((name) => !SUBJECTS.some((subject) => isMeant(subject.name, name)))
  if (stranger !== undefined) return wrong(`There is no subject ${stranger}`)
  const unknown = faults.find((name) => !isFault(name))
  if (unknown !== undefined) return wrong(`There is no fault ${unknown}`)
  if (breaks !== null && !BREAKS.includes(breaks)) return wrong(`--break knows ${BREAKS.join(', ')}, not ${breaks}`)
  const names = SUBJECTS.filter(
    ({ name, breaks: its }) =>
      (only.length === 0 || only.some((each) => isMeant(name, each))) &&
      (breaks === null || Object.hasOwn(its, breaks)),
  ).map(({ name }) => name)
  if (names.length === 0) return wrong(`${only.join(' and ')} cannot be broken by ${breaks}`)
  const seed = seedOf(read.seed)
  const at = wholeNumber('--at', read.at, { min: 0, max: 100_000, absent: -1 })
  const every = wholeNumber('--every', read.every, { min: 1, max: 1_000_000, absent: 1 })
  const random = wholeNumber('--random', read.random, { min: 1, max: 1_000_000, absent: 0 })
  const numbers = [seed, at, every, random].find((each) => typeof each === 'string')
  if (typeof seed === 'string' || typeof at === 'string' || typeof every === 'string' || typeof random === 'string')
    return wrong(String(numbers))
  return {
    kind: 'check',
    options: { seed, only: names, faults, at: at < 0 ? null : at, every, random, breaks, json },
  }
}

const isMeant = (name: string, only: string) => name === only || name.startsWith(`${only}-`)

const wrong = (message: string): Parsed<FaultsOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:faults -- --help`,
})
