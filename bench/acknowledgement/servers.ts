import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Queue } from 'bullmq'
import express, { type RequestHandler } from 'express'
import { deliveriesQueue, type Enqueue } from '../../core/ingest/queue.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { sqsClient } from '../../core/platform/aws/sqs.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { handle } from '../../functions/verifier/handle.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { startHttpFront } from '../../local/stack/http/front.ts'
import { parseRouteKey } from '../../local/stack/http/routes.ts'
import { verifierServices } from './verifier.ts'

/** What a server needs beside the secret: the queue's URL, Redis's port. */
export type Place = { queueUrl?: string | undefined; redisPort?: number | undefined }

const ROUTE = 'POST /webhooks/clickup/{connection}/{slot}'
const LARGEST = '6mb'

/**
 * Whoever answers a delivery through HTTP on 127.0.0.1, each in a process of its own. Ours is the verifier's handler behind the local
 * stack's front, which does what API Gateway does; in one process, as the others' handlers are in that of their server.
 */
export const SERVERS = {
  /** Nothing is kept before the answer, which ours never does: only to see what the way through HTTP takes. */
  hookline: (secret: string) => front(secret, async () => undefined),
  /** As deployed: the queue has it before the answer. */
  'hookline-sqs': (secret: string, { queueUrl = '' }: Place) =>
    front(secret, deliveriesQueue(sqsClient(CALL_LIMITS.edge), queueUrl)),
  /** As tutorials have it: the answer comes first, and what a crash takes afterwards is lost. */
  express: (secret: string) =>
    expressServer(secret, (body, response) => {
      response.status(200).end()
      setImmediate(() => void JSON.parse(body.toString('utf8')))
    }),
  /** As those have it who must not lose anything: Redis has it before the answer. */
  'express-bullmq': (secret: string, { redisPort = 0 }: Place) => {
    const queue = new Queue('deliveries', { connection: { host: '127.0.0.1', port: redisPort } })
    return expressServer(secret, (body, response, next) => {
      const options = { removeOnComplete: true, attempts: 5 }
      queue.add('delivery', JSON.parse(body.toString('utf8')), options).then(() => response.status(200).end(), next)
    })
  },
} as const satisfies Record<string, (secret: string, place: Place) => Promise<string>>

export type ServerName = keyof typeof SERVERS

async function front(secret: string, enqueue: Enqueue): Promise<string> {
  const services = verifierServices(secret, enqueue)
  const http = await startHttpFront({ port: 0, clock: systemClock })
  const none = { burst: undefined, perSecond: undefined }
  http.serve({
    ...{ account: '000000000000', apiId: 'local', onAnswer: () => undefined },
    stage: { name: '$default', variables: {}, limits: none, routeLimits: new Map() },
    routes: [
      {
        key: ROUTE,
        pattern: parseRouteKey(ROUTE, 'bench'),
        timeoutMs: 10_000,
        invoke: async (event) => ({ kind: 'returned', payload: await handle(event, services) }),
      },
    ],
  })
  return http.url
}

type Accepted = (body: Buffer, ...rest: [Parameters<RequestHandler>[1], Parameters<RequestHandler>[2]]) => void

function expressServer(secret: string, accepted: Accepted): Promise<string> {
  const app = express()
  app.post('/webhooks/clickup/:connection/:slot', express.raw({ type: '*/*', limit: LARGEST }), (request, ...rest) => {
    const body: unknown = request.body
    const given = request.get('x-signature') ?? ''
    if (!Buffer.isBuffer(body)) return void rest[0].status(400).end()
    const [own, other] = [createHmac('sha256', secret).update(body).digest(), Buffer.from(given, 'hex')]
    if (own.length !== other.length || !timingSafeEqual(own, other)) return void rest[0].status(403).end()
    accepted(body, ...rest)
  })
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${portOf(server.address())}`))
  })
}

const portOf = (address: AddressInfo | string | null) =>
  typeof address === 'object' && address !== null ? address.port : 0

/** The local stand-in for SQS. @returns how to reach it, and the queue's URL */
export async function startQueue() {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'bench', name: 'bench', statements: 'all' })
  const { url } = await gateway.createQueue({ name: 'deliveries', attributes: {} })
  return { endpoint: gateway.url, region: gateway.region, queueUrl: url }
}
