import type { Clock } from '../platform/clock.ts'
import { type Connection, slotSchema } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Cached } from '../secrets/cached.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import type { Answer } from './answers.ts'
import { authenticate } from './authenticate.ts'
import { answerOf, countDecision, type Decision, logDecision } from './decision.ts'
import { readDelivery, resourceNamed } from './delivery.ts'
import { isWanted } from './filter.ts'
import { MAX_BODY_BYTES, packBytes, packCanary, packSlim } from './message.ts'
import type { Enqueue } from './queue.ts'
import { isSignatureShaped, SIGNATURE_HEADER } from './signature.ts'
import { slimForm } from './slim.ts'
import { canaryOf, TEST_EVENT } from './test-delivery.ts'

/** One HTTP delivery, free of who carried it. */
export type AcceptRequest = {
  connection: string
  slot: string
  /** Names in any case, values as they came. */
  headers: Readonly<Record<string, unknown>>
  body: string | undefined
  isBase64: boolean
  /** What the API's own log calls the request. */
  deliveryId?: string | undefined
}

export type AcceptServices = {
  clock: Clock
  connections: ReadonlyMap<string, Connection>
  /** Signing secrets by connection. */
  secrets: Cached<SigningSecret>
  enqueue: Enqueue
  log: Log
  metrics: Metrics
}

/** No delivery known is near it, and Lambda takes little more. */
export const MAX_DELIVERY_BYTES = 5 * 1024 * 1024

/** From a delivery to a message on the queue, and what to tell ClickUp. An answer of 2xx means that it is there or was left out. */
export async function accept(request: AcceptRequest, services: AcceptServices): Promise<Answer> {
  const { clock, log, metrics } = services
  const receivedAt = clock.now()
  const bytes = bytesOf(request)
  const decision = await decide(request, bytes, receivedAt, services)
  const ms = clock.now() - receivedAt
  countDecision(decision, ms, metrics)
  const { connection, slot, deliveryId } = request
  logDecision(decision, { connection, slot, deliveryId, bytes: bytes.length, ms }, log)
  return answerOf(decision)
}

/** The order matters: nothing looks inside the body before the bytes are known to be ClickUp's. */
async function decide(
  request: AcceptRequest,
  bytes: Buffer,
  receivedAt: number,
  { connections, secrets, enqueue }: AcceptServices,
): Promise<Decision> {
  if (bytes.length > MAX_DELIVERY_BYTES) return { kind: 'refused', reason: 'tooLarge' }
  const signature = signatureOf(request.headers)
  // No secret is read for an address that is not in the config, nor for a request that cannot be genuine.
  const connection = connections.get(request.connection)
  const slot = slotSchema.safeParse(request.slot)
  if (!connection || !slot.success) return { kind: 'refused', reason: 'unknownSlot' }
  if (!isSignatureShaped(signature) || bytes.length === 0) return { kind: 'refused', reason: 'shape' }

  const { deliveryId } = request
  const arrival = { connection: connection.name, slot: slot.data, receivedAt, deliveryId }
  const authenticity = await authenticate({ ...arrival, bytes, signature }, secrets)
  if (authenticity.kind === 'unknown') return { kind: 'unavailable', reason: 'secret', error: authenticity.error }
  if (authenticity.kind === 'forged') return { kind: 'refused', reason: authenticity.reason }

  // What the bytes were made of, or again what they mean; half of a pair of surrogates is U+FFFD in both.
  const text = request.isBase64 ? bytes.toString('utf8') : (request.body ?? '').toWellFormed()
  const read = readDelivery(text)
  const isJson = read.kind === 'delivery' || read.reason !== 'not JSON'
  const delivery = read.kind === 'delivery' ? read.delivery : null
  const canary = delivery?.event === TEST_EVENT ? canaryOf(delivery) : null
  if (delivery?.event === TEST_EVENT && canary === null) return { kind: 'tested', event: delivery.event }
  if (delivery && canary === null && !isWanted(delivery, connection.filter))
    return { kind: 'filtered', event: delivery.event, resource: resourceNamed(delivery) }

  const message =
    canary === null
      ? (packBytes(arrival, bytes, { text, isJson }) ?? packSlim(arrival, slimForm(delivery, MAX_BODY_BYTES)))
      : packCanary(arrival, canary)
  try {
    await enqueue(message)
  } catch (error) {
    return { kind: 'unavailable', reason: 'queue', error }
  }
  if (canary !== null) return { kind: 'tested', event: TEST_EVENT }
  return { kind: 'accepted', event: delivery?.event ?? null, encoding: message.encoding }
}

const bytesOf = ({ body = '', isBase64 }: AcceptRequest) => Buffer.from(body, isBase64 ? 'base64' : 'utf8')

/** Undefined when the header is missing or stands there more than once: no choice is made between two signatures. */
function signatureOf(headers: AcceptRequest['headers']): string | undefined {
  const names = Object.keys(headers).filter(
    (name) => name.length === SIGNATURE_HEADER.length && name.toLowerCase() === SIGNATURE_HEADER,
  )
  const value = names.length === 1 ? headers[names[0] ?? ''] : undefined
  return typeof value === 'string' ? value : undefined
}
