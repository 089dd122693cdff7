import { type AcceptRequest, accept } from '../../core/ingest/accept.ts'
import { sign } from '../../core/ingest/signature.ts'
import type { Slot } from '../../core/platform/connections.ts'
import { type CacheTimes, cached } from '../../core/secrets/cached.ts'
import { SIGNING_CACHE, type SigningSecret } from '../../core/secrets/signing.ts'
import { createRandom, type Random } from '../../local/clickup/random.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'
import { taskDelivery } from './deliveries.ts'

const START = 1_760_000_000_000
const SECOND = 1_000
const TICK_MS = 10
export const ENQUEUE_MS = 5

export const CONNECTIONS = ['acme', 'beta'] as const
const SLOTS = ['a', 'b'] as const
type Connection = (typeof CONNECTIONS)[number]

/** A time within the run: ms since its start. */
type Window = { from: number; to: number }

export type Flood = {
  seed: number
  seconds: number
  forgedPerSecond: number
  honestPerSecond: number
  /** When Secrets Manager does not answer. */
  down?: Window
  /** When the webhook in slot b of `acme` gets another secret and signs with it, without any notice. */
  rotatedAt?: number
  times?: CacheTimes
}

type Answered = { connection: Connection; slot: Slot; at: number; ms: number; status: number }

/** One verifier process in virtual time, with honest deliveries for every slot, and with a forger who knows every address. */
export async function flood(options: Flood) {
  const { seconds, forgedPerSecond, honestPerSecond, down, rotatedAt = Number.POSITIVE_INFINITY } = options
  const random = createRandom(options.seed)
  const time = createVirtualTime(START)
  const since = () => time.now() - START
  const keys = { before: keysOf(random), after: keysOf(random) }
  const keyOf = (connection: Connection, slot: Slot) =>
    keys[connection === 'acme' && slot === 'b' && since() >= rotatedAt ? 'after' : 'before'][connection][slot]
  const fetches: { connection: string; at: number }[] = []
  const honest: Answered[] = []
  const forged = new Map<number, number>()

  const services = {
    clock: time,
    connections: new Map(
      CONNECTIONS.map((name) => [name, { name, filter: {}, storeComments: false, storeEmails: false }]),
    ),
    secrets: cached(
      async (connection) => {
        fetches.push({ connection, at: since() })
        if (down !== undefined && since() >= down.from && since() < down.to) {
          // Two tries of a second each, as the verifier's client does it.
          await time.sleep(2 * SECOND)
          throw new Error('Secrets Manager does not answer')
        }
        const known = CONNECTIONS.find((name) => name === connection)
        const slots = Object.fromEntries(
          known === undefined ? [] : SLOTS.map((slot) => [slot, stored(keyOf(known, slot))]),
        )
        await time.sleep(random.int(20, 400))
        return { v: 1, slots } satisfies SigningSecret
      },
      { clock: time, ...(options.times ?? SIGNING_CACHE) },
    ),
    enqueue: () => time.sleep(ENQUEUE_MS),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: {
      count: () => undefined,
      milliseconds: () => undefined,
      percent: () => undefined,
      flush: () => undefined,
    },
  }
  for (const name of CONNECTIONS) services.secrets.get(name).catch(() => undefined)

  const bodies = Array.from({ length: 16 }, (_, i) => JSON.stringify({ ...taskDelivery(), task_id: `t${i}` }))
  const forgeries = Array.from({ length: 256 }, () => forgery(random, bodies, keys.before))
  const post = async (request: AcceptRequest) => (await accept(request, services)).status

  async function deliver(): Promise<void> {
    const [connection, slot] = [random.pick(CONNECTIONS), random.pick(SLOTS)]
    const body = random.pick(bodies)
    const at = since()
    const status = await post(signed(connection, slot, body, sign(Buffer.from(body), keyOf(connection, slot))))
    honest.push({ connection, slot, at, ms: since() - at, status })
  }

  async function forge(): Promise<void> {
    const status = await post(random.pick(forgeries))
    forged.set(status, (forged.get(status) ?? 0) + 1)
  }

  const due = { forged: 0, honest: 0 }
  const tick = () => {
    for (due.forged += (forgedPerSecond * TICK_MS) / SECOND; due.forged >= 1; due.forged -= 1) void forge()
    for (due.honest += (honestPerSecond * TICK_MS) / SECOND; due.honest >= 1; due.honest -= 1) void deliver()
    if (since() < seconds * SECOND - TICK_MS) time.schedule(time.now() + TICK_MS, tick)
  }
  time.schedule(START, tick)
  await time.run()
  return { fetches, honest, forged }
}

const stored = (secret: string) => ({ webhookId: 'w', secret, state: 'active' }) as const

type Keys = Record<Connection, Record<Slot, string>>
const keysOf = (random: Random): Keys => {
  const key = () => random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
  return { acme: { a: key(), b: key() }, beta: { a: key(), b: key() } }
}

const signed = (connection: string, slot: string, body: string, signature: string): AcceptRequest => ({
  ...{ connection, slot, body, isBase64: false },
  headers: { 'x-signature': signature },
})

/** Shaped like a delivery, and not genuine where it is posted: whatever somebody may try who has seen others. */
function forgery(random: Random, bodies: readonly string[], keys: Keys): AcceptRequest {
  const [connection, slot] = [random.pick(CONNECTIONS), random.pick(SLOTS)]
  const body = random.pick(bodies)
  const genuine = sign(Buffer.from(body), keys[connection][slot])
  const kind = random.pick(['guess', 'near', 'otherSlot', 'otherConnection', 'otherBody'] as const)
  switch (kind) {
    case 'guess':
      return signed(connection, slot, body, random.text('0123456789abcdef', 64))
    case 'near': {
      const last = genuine.endsWith('0') ? '1' : '0'
      return signed(connection, slot, body, genuine.slice(0, -1) + last)
    }
    case 'otherSlot':
      return signed(connection, slot === 'a' ? 'b' : 'a', body, genuine)
    case 'otherConnection':
      return signed(connection === 'acme' ? 'beta' : 'acme', slot, body, genuine)
    case 'otherBody':
      return signed(connection, slot, `${body} `, genuine)
  }
}
