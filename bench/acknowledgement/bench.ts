import * as z from 'zod'
import { createRandom } from '../../local/clickup/random.ts'
import type { Bench, BenchOptions, Figure } from '../figure.ts'
import type { ServerName } from './servers.ts'
import { AT_ONCE, throughHttp } from './through-http.ts'
import { startRedis, startWorker } from './workers.ts'

export const acknowledgement: Bench = {
  name: 'acknowledgement',
  title: 'from a delivery to its answer: the processor in the process, and the time through HTTP',
  breaks: ['secret'],
  run,
}

const UPPERCASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const takenSchema = z.object({
  ...{ name: z.string(), bytes: z.number(), wrong: z.number() },
  ...{ floor: z.number(), decided: z.number(), whole: z.number() },
})

async function run(options: BenchOptions): Promise<readonly Figure[]> {
  const random = createRandom(options.seed)
  const secret = random.text(UPPERCASE, 64)
  // Broken on purpose: the verifiers know another secret than the one that deliveries are signed with.
  const signedWith = options.broken === 'secret' ? random.text(UPPERCASE, 64) : secret
  const { figures, wrong } = await withinProcess(options, secret, signedWith)
  const http = await overHttp(options, secret, signedWith)
  const all = wrong + http.wrong
  const right: Figure = {
    figure: 'answers other than 200',
    ...{ ours: all, unit: '', beside: null, aim: { text: '0', holds: all === 0, decides: true } },
  }
  return [...figures, ...http.figures, right]
}

async function withinProcess({ seed, quick, note }: BenchOptions, secret: string, signedWith: string) {
  note('the handler beside the floor')
  const order = { kind: 'in-process', seed, secret, signedWith, quick } as const
  const { told } = await startWorker(order, z.array(takenSchema))
  const figures = told.flatMap(({ name, bytes, floor, decided, whole }): Figure[] => {
    const of = `${name} of ${(bytes / 1_024).toFixed(1)} KiB`
    const beside = { what: 'floor: HMAC and JSON.parse', value: floor }
    const aim = (ours: number) => ({ text: '≤ 1.5 ×', holds: ours <= 1.5 * floor, decides: false })
    return [
      { figure: `${of}, verified and decided`, ours: decided, unit: 'µs', beside, aim: aim(decided) },
      { figure: `${of}, with log line and metrics`, ours: whole, unit: 'µs', beside, aim: aim(whole) },
    ]
  })
  return { figures, wrong: told.reduce((sum, { wrong }) => sum + wrong, 0) }
}

const urlSchema = z.object({ url: z.string() })
const queueSchema = z.object({ endpoint: z.string(), region: z.string(), queueUrl: z.string() })

async function overHttp({ seed, quick, note }: BenchOptions, secret: string, signedWith: string) {
  const redis = await startRedis()
  if (redis === null) note('no redis-server on this machine: Express with BullMQ is left out')
  const queue = await startWorker({ kind: 'queue' }, queueSchema)
  const { endpoint, region, queueUrl } = queue.told
  const aws = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'local' },
  }
  const started: { name: ServerName; url: string; stop(): void }[] = []
  const names: ServerName[] = ['hookline', 'express', 'hookline-sqs', ...(redis ? (['express-bullmq'] as const) : [])]
  try {
    for (const name of names) {
      const order = { kind: 'server', name, secret, queueUrl, redisPort: redis?.told.port } as const
      const { told, stop } = await startWorker(order, urlSchema, aws)
      started.push({ name, url: told.url, stop })
    }
    note(`${started.length} servers, ${AT_ONCE} deliveries at a time`)
    const answered = await throughHttp(started, { seed, secret: signedWith, rounds: quick ? 4 : 20, perRound: 200 })
    const ms = (name: ServerName) => answered.find((server) => server.name === name)?.ms ?? Number.NaN
    const figure = (what: string, name: ServerName, other: ServerName | null, called: string): Figure => ({
      figure: `through HTTP, ${what}`,
      ...{ ours: ms(name), unit: 'ms', aim: null },
      beside: other === null ? null : { what: called, value: ms(other) },
    })
    const figures = [
      figure('nothing kept before the answer', 'hookline', 'express', 'express.raw, HMAC, 200, work after'),
      figure(
        'kept before the answer (local SQS)',
        'hookline-sqs',
        redis && 'express-bullmq',
        'express.raw, HMAC, BullMQ on Redis',
      ),
    ]
    return { figures, wrong: answered.reduce((sum, server) => sum + server.wrong, 0) }
  } finally {
    for (const { stop } of [...started, queue]) stop()
    redis?.stop()
  }
}
