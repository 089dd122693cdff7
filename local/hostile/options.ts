import { type Parsed, readArguments, seedOf, wholeNumber } from '../check/arguments.ts'
import { CONSUMER_BREAKS, type ConsumerBreak } from './consumer/breaks.ts'
import { SYNC_BREAKS, type SyncBreak } from './sync/breaks.ts'
import { VERIFIER_BREAKS, type VerifierBreak } from './verifier/breaks.ts'

const PARTS = ['verifier', 'consumer', 'sync'] as const
export type Part = (typeof PARTS)[number]

export type HostileOptions = {
  parts: readonly Part[]
  seed: number
  /** By chance for the verifier, drawn from all for the consumer. */
  runs: number
  /** Everything for the consumer. */
  all: boolean
  /** Only cases whose names contain it. */
  only: string | null
  json: boolean
  broken: { verifier: VerifierBreak | null; consumer: ConsumerBreak | null; sync: SyncBreak | null }
}

const DEFAULT_RUNS = 2_000
const MOST_RUNS = 1_000_000
const BREAKS: readonly string[] = [...new Set([...VERIFIER_BREAKS, ...CONSUMER_BREAKS, ...SYNC_BREAKS])]

export const HELP = `Tries what nobody should send: the verifier's handler with requests of any kind, and the consumer with every
field of every delivery and of every answer of ClickUp missing, null, of another type, huge or nested deeply, each batch with
valid messages in it, which must end as if the others were not there; and sweep and census with listings of the kind, after
which every snapshot must equal the truth as soon as ClickUp is well again.

Usage: npm run check:hostile -- [options]

  --only PART     ${PARTS.join(' or ')}
  --runs N        so many by chance for the verifier, beside all that are written down; for the consumer so many of all that
                  there are, drawn by the seed, and for sync one for every hundred of them (default: ${DEFAULT_RUNS})
  --all           every one there is for the consumer: some thirty thousand, which takes a while
  --case TEXT     only those whose names contain it: a line of the output names its case up to the last colon but one
  --seed N        draws the same again (default: 1)
  --json          nothing but one JSON line on standard output; npm -s run check:hostile keeps npm's away
  --break WHAT    verifier: ${VERIFIER_BREAKS.join(', ')};
                  consumer: ${CONSUMER_BREAKS.join(', ')};
                  sync: ${SYNC_BREAKS.join(', ')}. Each must end with 1
  --help          this text

Ends with 0 when no promise was broken and something was tried; else with 1.
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): Parsed<HostileOptions> {
  const read = readArguments(args, {
    only: { type: 'string' },
    seed: { type: 'string' },
    runs: { type: 'string' },
    case: { type: 'string' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const part = PARTS.find((each) => each === read.only)
  if (read.only !== undefined && part === undefined)
    return wrong(`--only knows ${PARTS.join(' and ')}, not ${read.only}`)
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  const runs = wholeNumber('--runs', read.runs, { min: 1, max: MOST_RUNS, absent: DEFAULT_RUNS })
  if (typeof runs === 'string') return wrong(runs)
  const broken = {
    verifier: VERIFIER_BREAKS.find((each) => each === read.break) ?? null,
    consumer: CONSUMER_BREAKS.find((each) => each === read.break) ?? null,
    sync: SYNC_BREAKS.find((each) => each === read.break) ?? null,
  }
  if (read.break !== undefined && Object.values(broken).every((each) => each === null))
    return wrong(`--break knows ${BREAKS.join(', ')}, not ${read.break}`)
  // Where one cannot be broken so, it would find nothing.
  const breakable = PARTS.filter((each) => read.break === undefined || broken[each] !== null)
  const parts = breakable.filter((each) => part === undefined || each === part)
  if (parts.length === 0) return wrong(`--break ${read.break} is none of the ${part}`)
  const { all = false, json = false, case: only = null } = read
  return { kind: 'check', options: { parts, seed, runs, all, only, json, broken } }
}

const wrong = (message: string): Parsed<HostileOptions> => ({
  kind: 'wrong',
  message: `${message}. See npm run check:hostile -- --help`,
})
