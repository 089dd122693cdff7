import { fork } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { bundle } from '../../infra/constructs/bundle.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { Bench, BenchOptions, Figure } from '../figure.ts'

const [STAGE, CONNECTION, FORGED_PER_SECOND] = ['bench', 'main', 1_000] as const

export const forger: Bench = {
  name: 'forger',
  title: 'what 1,000 forged deliveries a second do to the honest ones; quiet and flooded phases in turn',
  // Every mismatch reads the secret anew.
  breaks: ['refetch'],
  run,
}

const resultSchema = z.object({
  seconds: z.number(),
  quiet: z.array(z.number()),
  flooded: z.array(z.number()),
  honest: z.record(z.string(), z.number()),
  forged: z.record(z.string(), z.number()),
})
type Result = z.infer<typeof resultSchema>

async function run({ seed, broken, quick, note }: BenchOptions): Promise<readonly Figure[]> {
  const secret = createRandom(seed).text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
  const gateway = await startAwsGateway()
  try {
    gateway.admit({ accessKeyId: 'verifier', name: 'verifier', statements: 'all' })
    const queue = await gateway.createQueue({ name: 'deliveries', attributes: {} })
    const value = JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } })
    await gateway.createSecret({ name: signingSecretName(STAGE, CONNECTION), value })
    let fetches = 0
    gateway.intercept(({ action }) => {
      if (action === 'secretsmanager:GetSecretValue') fetches += 1
    })
    note(`${quick ? 1 : 4} quiet phases and as many flooded ones, 2 s each`)
    using built = bundle(join(import.meta.dirname, '..', '..', 'functions', 'verifier', 'handler.ts'))
    const phases = { rounds: quick ? 1 : 4, phaseMs: 2_000, forgedPerSecond: FORGED_PER_SECOND }
    const options = { bundle: join(built.directory, 'index.mjs'), seed, secret, connection: CONNECTION, ...phases }
    const result = await played(options, environment(gateway, queue.url, broken === 'refetch'))
    return figuresOf(result, fetches)
  } finally {
    await gateway.close()
  }
}

function figuresOf({ seconds, quiet, flooded, honest, forged }: Result, fetches: number): Figure[] {
  // One at the start and one for the first forgery; the cached secret outlives the run, or every reading is in these.
  const allowed = 2 + Math.ceil((seconds * 1_000) / SIGNING_CACHE.refreshEveryMs)
  const others = (answers: Readonly<Record<string, number>>, right: string) =>
    Object.entries(answers).reduce((sum, [status, count]) => (status === right ? sum : sum + count), 0)
  const time = (share: number): Figure => ({
    figure: `an honest delivery beside forgeries, p${share * 100}`,
    ours: percentile(flooded, share),
    unit: 'ms',
    beside: { what: 'without any', value: percentile(quiet, share) },
    aim: null,
  })
  const none = (figure: string, count: number): Figure => ({
    ...{ figure, ours: count, unit: '', beside: null },
    aim: { text: '0', holds: count === 0, decides: true },
  })
  return [
    time(0.5),
    time(0.99),
    {
      ...{ figure: 'readings of the secret', ours: fetches, unit: 'calls', beside: null },
      aim: { text: `≤ ${allowed}`, holds: fetches <= allowed, decides: true },
    },
    none('honest deliveries not answered 200', others(honest, '200')),
    none('forgeries not answered 403', others(forged, '403')),
  ]
}

const environment = ({ url, region }: AwsGateway, queueUrl: string, isRefetching: boolean) => ({
  ...{ AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_ACCESS_KEY_ID: 'verifier', AWS_SECRET_ACCESS_KEY: 'local' },
  [ENV.stage]: STAGE,
  [ENV.connections]: JSON.stringify([{ name: CONNECTION, filter: {}, storeComments: false, storeEmails: false }]),
  [ENV.deliveriesQueueUrl]: queueUrl,
  ...(isRefetching ? { [ENV.signingCache]: JSON.stringify({ refreshEveryMs: 0 }) } : {}),
})

/** In a process of its own, as Lambda runs it. */
function played(options: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>>): Promise<Result> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(options)], {
    // Its log is a line for each request. Lambda takes it; here it is read and forgotten, but for the end of what it said last.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
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

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN
}
