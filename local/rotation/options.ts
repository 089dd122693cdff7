import { breakOf, type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'

/** What is broken on purpose, to see that the check notices. */
export type Break = 'overlap' | 'cache'

export type RotationOptions = {
  seed: number
  /** What the whole run may take. */
  minutes: number
  /** Nothing but the JSON line. */
  json: boolean
  breaks: Break | null
}

const DEFAULT_MINUTES = 5

export const HELP = `Checks that new signing secrets cost nothing: runs the template on embedded services, connects it with a fake
ClickUp that posts 200 deliveries a second, and rotates the signing secrets three times meanwhile, while verifiers
end at random and the guard comes and goes.

Usage: npm run check:rotation -- [options]

  --seed N       repeats the same people, workspace, order of ways and restarts (default: 1)
  --minutes M    so long in all, with what is worked off and compared afterwards (default: ${DEFAULT_MINUTES}, at least 2)
  --json         nothing but one JSON line on standard output; npm -s run check:rotation keeps npm's away
  --break WHAT   overlap: a replaced webhook's secret is forgotten as soon as the new one is in force;
                 cache: verifiers never read the secret again, and rotations do not wait. Each must end with 1
  --help         this text

Twice ClickUp allows a second webhook beside the old one, and once it refuses it, so that the old one goes first.

What must hold: no delivery is answered other than 200; nothing is lost and nothing doubled, and what nobody was told of lies
in a gap that is shown, and is repaired; every secret verified deliveries in its time and is refused when its time is over;
the secret's versions have their labels where they belong; the quarantine is empty.

Time is pressed together by settings of the functions: verifiers keep a secret for 3 s instead of 5 minutes, a
replaced webhook goes on for 6 s instead of an hour, and what a sweep waits for takes seconds.

Ends with 0 when all of that holds, else with 1, and says what does not.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<RotationOptions> {
  const read = readArguments(args, {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'boolean' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const breaks = breakOf(read.break, BREAKS)
  if (breaks !== null && typeof breaks === 'object') return wrong(breaks.wrong)
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  const minutes = wholeNumber('--minutes', read.minutes, { min: 2, max: 60, absent: DEFAULT_MINUTES })
  if (typeof minutes === 'string') return wrong(minutes)
  return { kind: 'check', options: { seed, minutes, json: read.json === true, breaks } }
}

const BREAKS: readonly Break[] = ['overlap', 'cache']

const wrong = (message: string): Parsed<RotationOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:rotation -- --help`,
})
