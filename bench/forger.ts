import { fork } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod'
import { ENV } from '../core/platform/env-names.ts'
import { signingSecretName } from '../core/platform/names.ts'
import { SIGNING_CACHE } from '../core/secrets/signing.ts'
import { bundle } from '../infra/constructs/bundle.ts'
import { startAwsGateway } from '../local/aws/gateway.ts'
import { readArguments, seedOf, wholeNumber } from '../local/check/arguments.ts'
import { createRandom } from '../local/clickup/random.ts'

const HELP = `What 1,000 forged deliveries a second do to the honest ones: their latency with and without, in turn in one run, and the
readings of the secret. Fails when the forger causes more of them than one in 30 s, or when anything is answered wrongly;
the times are of this machine, and what holds elsewhere is their ratio.

Usage: node bench/forger.ts [options]

  --seed N            repeats the same deliveries (default: 1)
  --rounds N          so many quiet phases and as many flooded ones (default: 4)
  --phase-seconds N   how long each of them is (default: 2)
  --break refetch     every mismatch reads the secret anew: must end with 1
  --json              on one line
  --help              this text
`

/** Ends with one sentence for whoever typed something wrong. */
function given<Value>(value: Value | string): Value {
  if (typeof value !== 'string') return value
  process.stderr.write(`${value}. See node bench/forger.ts --help\n`)
  process.exit(2)
}

const values = given(
  readArguments(process.argv.slice(2), {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    'phase-seconds': { type: 'string' },
    break: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  }),
)
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const seed = given(seedOf(values.seed))
const rounds = given(wholeNumber('--rounds', values.rounds, { min: 1, max: 100, absent: 4 }))
const phaseSeconds = given(wholeNumber('--phase-seconds', values['phase-seconds'], { min: 1, max: 60, absent: 2 }))
if (values.break !== undefined && values.break !== 'refetch') given(`--break knows refetch, not ${values.break}`)

const [STAGE, CONNECTION, FORGED_PER_SECOND] = ['bench', 'main', 1_000] as const
const resultSchema = z.object({
  seconds: z.number(),
  quiet: z.array(z.number()),
  flooded: z.array(z.number()),
  honest: z.record(z.string(), z.number()),
  forged: z.record(z.string(), z.number()),
})

const secret = createRandom(seed).text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
const gateway = await startAwsGateway()
gateway.admit({ accessKeyId: 'verifier', name: 'verifier', statements: 'all' })
const queue = await gateway.createQueue({ name: 'deliveries', attributes: {} })
await gateway.createSecret({
  name: signingSecretName(STAGE, CONNECTION),
  value: JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } }),
})
let fetches = 0
gateway.intercept(({ action }) => {
  if (action === 'secretsmanager:GetSecretValue') fetches += 1
})

using built = bundle(join(import.meta.dirname, '..', 'functions', 'verifier', 'handler.ts'))
const result = await run({
  bundle: join(built.directory, 'index.mjs'),
  ...{ seed, secret, connection: CONNECTION, forgedPerSecond: FORGED_PER_SECOND },
  ...{ rounds, phaseMs: phaseSeconds * 1_000 },
})
await gateway.close()

// One at the start and one for the first forgery; the cached secret outlives the run, or every reading is in these.
const allowed = 2 + Math.ceil((result.seconds * 1_000) / SIGNING_CACHE.refreshEveryMs)
const [quiet, flooded] = [percentiles(result.quiet), percentiles(result.flooded)]
const report = {
  seed,
  seconds: round(result.seconds),
  forged: result.forged,
  honest: result.honest,
  secretFetches: { seen: fetches, allowed },
  honestMs: { quiet, flooded },
  ratio: { p50: round(flooded.p50 / quiet.p50), p99: round(flooded.p99 / quiet.p99) },
}
console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2))
const wrong = [
  fetches > allowed &&
    `The secret was read ${fetches} times in ${report.seconds} s, and at most ${allowed} are allowed.`,
  Object.keys(result.honest).join() !== '200' && 'Not every honest delivery was answered 200.',
  Object.keys(result.forged).join() !== '403' && 'Not every forged delivery was answered 403.',
].filter((line) => line !== false)
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exitCode = 1

/** In a process of its own, as Lambda runs it. */
function run(options: Readonly<Record<string, unknown>>): Promise<z.infer<typeof resultSchema>> {
  const connections = [{ name: CONNECTION, filter: {}, storeComments: false, storeEmails: false }]
  const child = fork(join(import.meta.dirname, 'forger-verifier.ts'), [JSON.stringify(options)], {
    // Its log is a line for each request. Lambda takes it; here it is read and forgotten, but for the end of what it said last.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...{ AWS_ENDPOINT_URL: gateway.url, AWS_REGION: gateway.region },
      ...{ AWS_ACCESS_KEY_ID: 'verifier', AWS_SECRET_ACCESS_KEY: 'local' },
      [ENV.stage]: STAGE,
      [ENV.connections]: JSON.stringify(connections),
      [ENV.deliveriesQueueUrl]: queue.url,
      ...(values.break === 'refetch' ? { [ENV.signingCache]: JSON.stringify({ refreshEveryMs: 0 }) } : {}),
    },
  })
  let last = ''
  child.stderr?.on('data', (chunk) => {
    last = `${last}${chunk}`.slice(-2_000)
  })
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(resultSchema.parse(message)))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The verifier's process ended with ${code} and no result:\n${last}`)))
  })
}

function percentiles(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN)
  return { n: sorted.length, p50: at(0.5), p99: at(0.99) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
