import { breakOf, type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'

/** What is broken on purpose, to see that the check notices. */
export type Break = 'sweep' | 'guard' | 'accounted'

export type TruthOptions = {
  seed: number
  /** How many things people do. */
  changes: number
  /** Nothing but the JSON line. */
  json: boolean
  breaks: Break | null
}

const DEFAULT_CHANGES = 2_000
/** So many changes make the whole story. */
export const WHOLE_STORY_FROM = 400

export const HELP = `Checks that what ClickUp never sent is repaired: runs the template on embedded services, connects it
with a fake ClickUp that loses deliveries, and compares all that Hookline knows with what happened.

Usage: npm run check:truth -- [options]

  --seed N       repeats the same people, workspace and losses (default: 1)
  --changes N    so many acts of people (default: ${DEFAULT_CHANGES}); with fewer than ${WHOLE_STORY_FROM} it is a shorter
                 story: no webhook falls silent, whose replacement alone takes 35 s, and no task comes back
  --json         nothing but one JSON line on standard output; npm -s run check:truth keeps npm's away
  --break WHAT   sweep: no sweep can begin; guard: nor can the guard; accounted: deliveries that come
                 after a sweep are not recognised. Each must end with 1
  --help         this text

What happens: a backfill of all there is, then acts of which 10 % are lost and some come after the next sweep;
one webhook falls silent, one is suspended, one space loses access, one task is deleted, restored and deleted again,
lists, folders and spaces are renamed, members join and are renamed, time is written down, edited, moved and deleted.
Then guard, sweep, census, sweep, and the comparison.

Time is pressed together by settings of the functions: a delivery may come 2.5 s late instead of ten minutes, and what
waits and was heard is noted by the second instead of by minutes.

Ends with 0 when nothing is missing and nothing is extra, and something was compared, lost and suspended; else with 1.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<TruthOptions> {
  const read = readArguments(args, {
    seed: { type: 'string' },
    changes: { type: 'string' },
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
  const changes = wholeNumber('--changes', read.changes, { min: 40, max: 20_000, absent: DEFAULT_CHANGES })
  if (typeof changes === 'string') return wrong(changes)
  return { kind: 'check', options: { seed, changes, json: read.json === true, breaks } }
}

const BREAKS: readonly Break[] = ['sweep', 'guard', 'accounted']

const wrong = (message: string): Parsed<TruthOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:truth -- --help`,
})
