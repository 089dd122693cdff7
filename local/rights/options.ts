import { breakOf, type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'

/** What is broken on purpose, to see that the check notices. */
export type Break = 'allow-all' | 'unused'

export type RightsOptions = {
  seed: number
  /** Functions by the last part of their names, with commas; null for everybody. */
  only: string | null
  /** What the texts of the grants have to contain; null for all. */
  grant: string | null
  /** So many grants are taken away, chosen by the seed; null for all. */
  some: number | null
  json: boolean
  breaks: Break | null
}

export const HELP = `Checks that every right that the template gives is needed: runs the template on embedded services, takes
away one right after the other, and plays what needs it, which must fail.

Usage: npm run check:rights -- [options]

  --seed N       repeats the same workspace and the same choice (default: 1)
  --only WHO     the rights of one function, or of some, with commas: verifier, consumer, sync, guard,
                 rotate-signing, rotate-token, pulse, health, standup, check-release
  --grant TEXT   those whose text contains it, such as "PutItem Ledger"
  --some N       takes only so many rights away, chosen by the seed
  --json         nothing but one JSON line on standard output; npm -s run check:rights keeps npm's away
  --break WHAT   allow-all: policies are not looked at; unused: the consumer has a right that nobody needs.
                 Each must end with 1
  --help         this text

Each right is one action on one resource. What services of AWS may do (poll, send for a rule, invoke for a route) is judged by
what the local stack refuses to start with; what cannot be judged here is listed with its reason in local/rights/explained.ts.

Ends with 0 when each right that was taken away was missed, the turn passed again when it was given back, and there was at
least one; else with 1.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<RightsOptions> {
  const read = readArguments(args, {
    seed: { type: 'string' },
    only: { type: 'string' },
    grant: { type: 'string' },
    some: { type: 'string' },
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
  const some = wholeNumber('--some', read.some, { min: 1, max: 1_000, absent: 0 })
  if (typeof some === 'string') return wrong(some)
  const { only = null, grant = null, json = false } = read
  return { kind: 'check', options: { seed, only, grant, some: some || null, json, breaks } }
}

const BREAKS: readonly Break[] = ['allow-all', 'unused']

const wrong = (message: string): Parsed<RightsOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:rights -- --help`,
})
