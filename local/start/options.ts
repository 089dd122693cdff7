import { parseArgs } from 'node:util'

export type StartOptions = {
  /** Stay up and show what comes through, or run one checked scenario and end. */
  mode: 'live' | 'once'
  /** Nothing but the JSON line on standard output. */
  json: boolean
  seed: number
  /** How many changes the scenario makes at least. */
  changes: number
  /** Of the webhook's address; 0 takes a free one. */
  port: number
  /** What is broken on purpose, to see that the check notices. */
  breaks: 'dedupe' | null
}

export type ParsedOptions =
  | { kind: 'start'; options: StartOptions }
  | { kind: 'help' }
  /** One sentence for whoever typed it. */
  | { kind: 'wrong'; message: string }

/** Fixed, so that an address that was copied once is right again the next time. */
const DEFAULT_PORT = 4665
const DEFAULT_CHANGES = 600

export const HELP = `Runs Hookline on this machine: the template that \`cdk deploy\` would deploy, on embedded services.

Usage: npm start -- [options]

  (no options)      connects a fake ClickUp with a demo workspace, lets people work in it,
                    and shows live what comes through; Ctrl-C ends it
  --once            runs one scenario, checks what was published against what really
                    happened, and ends: 0 when nothing is missing and nothing is extra, else 1
  --json            with --once: nothing but one JSON line on standard output; npm -s start keeps
                    npm's own lines away
  --seed N          repeats the same people, workspace and faults (default: 1)
  --changes N       with --once: at least so many changes (default: ${DEFAULT_CHANGES})
  --break dedupe    switches deduplication off, so that --once must end with 1
  --port N          where deliveries are posted to on 127.0.0.1 (default: ${DEFAULT_PORT}, with --once
                    any free one)
  --help            this text

Environment:
  CLICKUP_API_URL, CLICKUP_API_TOKEN   together: use that ClickUp instead of the fake one
  HOOKLINE_CONFIG                      another config file than hookline.config.ts
  NO_COLOR                             no colours
`

/** Reads the command line; every way of getting it wrong is told in one sentence. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  const read = readArgs(args)
  if (typeof read === 'string') return wrong(read)
  if (read.help === true) return { kind: 'help' }
  const mode = read.once === true ? 'once' : 'live'
  if (mode === 'live' && read.json === true) return wrong('--json goes with --once')
  if (mode === 'live' && read.changes !== undefined) return wrong('--changes goes with --once')
  if (read.break !== undefined && read.break !== 'dedupe') return wrong(`--break knows dedupe, not ${read.break}`)
  const seed = whole('--seed', read.seed, { min: 0, max: 2 ** 32 - 1, absent: 1 })
  if (typeof seed === 'string') return wrong(seed)
  const changes = whole('--changes', read.changes, { min: 20, max: 20_000, absent: DEFAULT_CHANGES })
  if (typeof changes === 'string') return wrong(changes)
  const port = whole('--port', read.port, { min: 0, max: 65_535, absent: mode === 'live' ? DEFAULT_PORT : 0 })
  if (typeof port === 'string') return wrong(port)
  const breaks = read.break === 'dedupe' ? 'dedupe' : null
  return { kind: 'start', options: { mode, json: read.json === true, seed, changes, port, breaks } }
}

const wrong = (message: string): ParsedOptions => ({ kind: 'wrong', message: `${message}. See npm start -- --help` })

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        seed: { type: 'string' },
        changes: { type: 'string' },
        break: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    // "Unknown option '--x'. To specify a positional argument starting with ...": the first sentence is for people.
    const message = error instanceof Error ? error.message : ''
    return message.split(/\.?\n|\. |\.$/)[0] || 'The options could not be read'
  }
}

function whole(name: string, text: string | undefined, range: { min: number; max: number; absent: number }) {
  if (text === undefined) return range.absent
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max) return value
  return `${name} takes a whole number from ${range.min} to ${range.max}, not ${text}`
}
