import { type AcceptServices, accept } from '../../core/ingest/accept.ts'
import { deliveriesQueue } from '../../core/ingest/queue.ts'
import { SIGNATURE_HEADER } from '../../core/ingest/signature.ts'
import { cached } from '../../core/secrets/cached.ts'
import { parseSigningSecret, SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Random } from '../clickup/random.ts'
import type { AwsClients } from './aws/aws.ts'
import type { Delivery } from './clickup.ts'
import { API_URL, CONNECTIONS, QUEUES, SECRETS } from './environment.ts'
import type { createTelemetry } from './telemetry.ts'
import type { VirtualTime } from './time.ts'

type Services = {
  time: VirtualTime
  random: Random
  aws: AwsClients
  telemetry: ReturnType<typeof createTelemetry>
  /** How many processes there are, each with a cache of its own. */
  processes: number
}

/** Answers a delivery with a status. */
export type Verify = (delivery: Delivery) => Promise<number>

/** From ClickUp to the function, and the function's own work. */
const ON_THE_WAY_MS = [20, 80] as const

/** What ClickUp delivers to: the verifier's own code, at any concurrency. */
export function createVerifier({ time, random, aws, telemetry, processes }: Services): Verify {
  const readSecret = secretsManagerSource(aws.secrets)
  const servicesOfOne = (): AcceptServices => ({
    clock: time,
    connections: new Map(CONNECTIONS.map((connection) => [connection.name, connection])),
    secrets: cached(async () => parseSigningSecret(await readSecret(SECRETS.signing)), {
      clock: time,
      ...SIGNING_CACHE,
    }),
    enqueue: deliveriesQueue(aws.sqs, QUEUES.deliveries),
    ...telemetry,
  })
  const all = Array.from({ length: processes }, servicesOfOne)
  const which = random.fork('which')
  return async ({ endpoint, body, signature }) => {
    await time.sleep(random.int(...ON_THE_WAY_MS))
    const [slot = '', connection = ''] = endpoint.split('/').reverse()
    const headers = { [SIGNATURE_HEADER]: signature }
    const request = { connection, slot, headers, body: body.toString('utf8'), isBase64: false }
    return (await accept(request, which.pick(all))).status
  }
}

/** What is posted to our own address comes to the verifier, everything else to whoever is there. */
export function orOurselves(fetch: Fetch, verify: Verify): Fetch {
  return async (url, init) => {
    if (!url.startsWith(`${API_URL}/`)) return fetch(url, init)
    const signature = new Headers(init.headers).get(SIGNATURE_HEADER) ?? ''
    const body = Buffer.from(typeof init.body === 'string' ? init.body : '')
    return new Response(null, { status: await verify({ endpoint: url, body, signature }) })
  }
}
