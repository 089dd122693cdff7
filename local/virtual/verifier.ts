import { accept } from '../../core/ingest/accept.ts'
import { deliveriesQueue } from '../../core/ingest/queue.ts'
import { SIGNATURE_HEADER } from '../../core/ingest/signature.ts'
import { cached } from '../../core/secrets/cached.ts'
import { parseSigningSecret, SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import type { Random } from '../clickup/random.ts'
import type { AwsClients } from './aws/aws.ts'
import type { Delivery } from './clickup.ts'
import { CONNECTIONS, QUEUES, SECRETS } from './environment.ts'
import type { createTelemetry } from './telemetry.ts'
import type { VirtualTime } from './time.ts'

type Services = {
  time: VirtualTime
  random: Random
  aws: AwsClients
  telemetry: ReturnType<typeof createTelemetry>
}

/** From ClickUp to the function, and the function's own work. */
const ON_THE_WAY_MS = [20, 80] as const

/** What ClickUp delivers to: the verifier's own code, at any concurrency. */
export function createVerifier({ time, random, aws, telemetry }: Services): (delivery: Delivery) => Promise<number> {
  const readSecret = secretsManagerSource(aws.secrets)
  const services = {
    clock: time,
    connections: new Map(CONNECTIONS.map((connection) => [connection.name, connection])),
    secrets: cached(async () => parseSigningSecret(await readSecret(SECRETS.signing)), {
      clock: time,
      ...SIGNING_CACHE,
    }),
    enqueue: deliveriesQueue(aws.sqs, QUEUES.deliveries),
    ...telemetry,
  }
  return async ({ endpoint, body, signature }) => {
    await time.sleep(random.int(...ON_THE_WAY_MS))
    const [slot = '', connection = ''] = endpoint.split('/').reverse()
    const headers = { [SIGNATURE_HEADER]: signature }
    const request = { connection, slot, headers, body: body.toString('utf8'), isBase64: false }
    return (await accept(request, services)).status
  }
}
