import { parseArgs } from 'node:util'
import { BREAKS, type Break, isBreak } from './breaks.ts'
import type { Scenario } from './scenario.ts'
import { BY_NAME, SCENARIOS } from './scenarios/index.ts'

export type StormOptions = {
  seed: number
  /** Names of scenarios. */
  only: string[]
  json: boolean
  /** Shorter scenarios, where there are some. */
  quick: boolean
  naive: boolean
  breaks: Break | null
  /** Whether warnings and errors are shown. */
  log: boolean
}

export type ParsedOptions =
  | { kind: 'run'; options: StormOptions }
  | { kind: 'help' }
  /** One sentence for whoever typed it. */
  | { kind: 'wrong'; message: string }

const listed = (scenarios: readonly Scenario[]) =>
  scenarios.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join('\n')
const breaks = Object.keys(BREAKS).join(', ')

export const HELP = `Plays storms, limits and outages in virtual time: the consumer's own code against a fake ClickUp, queue and tables.

Usage: npm run bench:storms -- [options]

  --seed N        repeats a run exactly (default: 1)
  --only NAME     one scenario; may be given again
  --quick         a shorter outage and a smaller large workspace
  --json          one line per scenario: every figure, its bound and whether it holds
  --naive         beside it the usual way: one read for every event, tried again after a 429
  --break WHAT    breaks something on purpose, so that at least one scenario must fail:
                  ${breaks}
  --log           counts what was logged as a warning or an error, on standard error
  --help          this text

Ends with 1 if a bound does not hold.

Scenarios:
${listed(SCENARIOS)}

Only by name, because it takes long:
${listed(BY_NAME)}
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  const read = readArgs(args)
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const { seed = '1', only = [], break: broken = null } = read
  if (!/^\d{1,10}$/.test(seed) || Number(seed) >= 2 ** 32) {
    return wrong(`--seed takes a whole number from 0 to 4294967295, not ${seed}`)
  }
  const unknown = only.find((name) => ![...SCENARIOS, ...BY_NAME].some((scenario) => scenario.name === name))
  if (unknown !== undefined) return wrong(`there is no scenario ${unknown}`)
  if (broken !== null && !isBreak(broken)) return wrong(`--break knows ${breaks}, not ${broken}`)
  const { json = false, naive = false, log = false, quick = false } = read
  return { kind: 'run', options: { seed: Number(seed), only, json, quick, naive, breaks: broken, log } }
}

const wrong = (message: string): ParsedOptions => ({ kind: 'wrong', message: `${message}. See --help` })

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        naive: { type: 'boolean' },
        break: { type: 'string' },
        log: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return message.split(/\.?\n|\. |\.$/)[0] || 'the options could not be read'
  }
}
