import { type Parsed, readArguments, seedOf } from '../local/check/arguments.ts'
import type { Bench } from './figure.ts'

export type Options = {
  seed: number
  benches: readonly Bench[]
  /** One of the breaks of the benches chosen, or null. */
  broken: string | null
  quick: boolean
  json: boolean
}

const listed = (benches: readonly Bench[]) =>
  benches
    .map(({ name, title, breaks }) => {
      const broken = breaks.length === 0 ? '' : ` (--break ${breaks.join(', ')})`
      return `  ${name.padEnd(16)} ${title}${broken}`
    })
    .join('\n')

export const helpOf = (
  benches: readonly Bench[],
) => `Measures what Hookline costs and how fast it is, beside somebody else's or a floor, in one run.

Usage: npm run bench -- [options]

  --only NAME     one bench; may be given again
  --seed N        what is drawn by chance begins with it (default: 1)
  --quick         fewer rounds: figures of the same kind that are less sure
  --json          one line of JSON per bench; npm -s run bench keeps npm's away
  --break WHAT    breaks something on purpose in the benches that know it, so that an aim must be missed
  --help          this text

Ends with 1 when an aim is missed that does not depend on the machine: bytes, units, calls, money. Times are of this
machine and decide nothing: what holds elsewhere is their ratio.

Benches:
${listed(benches)}

Storms, limits and outages in virtual time: npm run bench:storms -- --help
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[], all: readonly Bench[]): Parsed<Options> {
  const read = readArguments(args, {
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const { only = [], break: broken = null, quick = false, json = false } = read
  const seed = seedOf(read.seed)
  if (typeof seed === 'string') return wrong(seed)
  const unknown = only.find((name) => !all.some((bench) => bench.name === name))
  if (unknown !== undefined) return wrong(`There is no bench ${unknown}`)
  const chosen = all.filter(({ name }) => only.length === 0 || only.includes(name))
  if (broken === null) return { kind: 'check', options: { seed, benches: chosen, broken, quick, json } }
  const benches = chosen.filter(({ breaks }) => breaks.includes(broken))
  if (benches.length > 0) return { kind: 'check', options: { seed, benches, broken, quick, json } }
  const known = chosen.flatMap(({ breaks }) => breaks)
  return wrong(
    known.length === 0 ? 'Nothing of that can be broken' : `--break knows ${known.join(', ')}, not ${broken}`,
  )
}

const wrong = (message: string): Parsed<Options> => ({
  kind: 'wrong',
  message: `${message}. See npm run bench -- --help`,
})
