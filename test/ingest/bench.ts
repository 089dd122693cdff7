import { type AcceptRequest, type AcceptServices, accept } from '../../core/ingest/accept.ts'
import { type DeliveryMessage, parseMessage, toSqsEntry } from '../../core/ingest/message.ts'
import { sign } from '../../core/ingest/signature.ts'
import type { Filter } from '../../core/platform/connections.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Metrics } from '../../core/platform/metrics.ts'
import { cached } from '../../core/secrets/cached.ts'
import { SIGNING_CACHE, type SigningSecret } from '../../core/secrets/signing.ts'

export const SECRET_A = 'KEY-OF-SLOT-A'
export const SECRET_B = 'KEY-OF-SLOT-B'

/** The verifier's story with everything real but the network: what it read, queued, counted and logged can be looked at. */
export function bench(options: { filter?: Filter } = {}) {
  let now = 1_760_000_000_000
  let stored: SigningSecret = {
    v: 1,
    slots: {
      a: { webhookId: 'w-a', secret: SECRET_A, state: 'active' },
      b: { webhookId: 'w-b', secret: SECRET_B, state: 'pending' },
    },
  }
  let secretFails = false
  let queueFails = false
  const reads: string[] = []
  const queued: DeliveryMessage[] = []
  const lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = []
  const counts: Record<string, number> = {}
  const times: Record<string, number[]> = {}

  const clock = { now: () => now }
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, fields })
    }
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') }
  const metrics: Metrics = {
    count: (name, value = 1) => {
      counts[name] = (counts[name] ?? 0) + value
    },
    milliseconds: (name, value) => {
      times[name] = [...(times[name] ?? []), value]
    },
    percent: () => undefined,
    flush: () => undefined,
  }
  const connection = { name: 'acme', filter: options.filter ?? {}, storeComments: false, storeEmails: false }
  const services: AcceptServices = {
    clock,
    connections: new Map([[connection.name, connection]]),
    secrets: cached(
      async (name) => {
        reads.push(name)
        if (secretFails) throw new Error('secrets are down')
        return stored
      },
      { clock, ...SIGNING_CACHE },
    ),
    enqueue: async (message) => {
      now += 3
      if (queueFails) throw new Error('the queue refuses')
      // What is kept is what would come out of the queue.
      const { MessageBody, MessageAttributes } = toSqsEntry(message)
      const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])
      const parsed = parseMessage(MessageBody, Object.fromEntries(values))
      if (parsed.kind === 'malformed') throw new Error(parsed.reason)
      queued.push(parsed.message)
    },
    log,
    metrics,
  }

  return {
    reads,
    queued,
    lines,
    counts,
    times,
    accept: (request: AcceptRequest) => accept(request, services),
    pass: (ms: number) => {
      now += ms
    },
    store: (secret: SigningSecret) => {
      stored = secret
    },
    breakSecrets: (broken = true) => {
      secretFails = broken
    },
    breakQueue: (broken = true) => {
      queueFails = broken
    },
  }
}

/** A request as ClickUp would send it, signed with the secret of slot a, with what is given changed. */
export function request(body: unknown, changes: Partial<AcceptRequest> & { secret?: string } = {}): AcceptRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const { secret = SECRET_A, ...rest } = changes
  return {
    connection: 'acme',
    slot: 'a',
    headers: { 'content-type': 'application/json', 'x-signature': sign(Buffer.from(text), secret) },
    body: text,
    isBase64: false,
    ...rest,
  }
}
