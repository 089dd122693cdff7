import type { Faults } from '../faults.ts'
import type { LogWriter } from '../log.ts'
import type { Random } from '../random.ts'
import { since, type Timers } from '../timers.ts'
import type { Fate, Heard, LostBy, TruthChange } from '../truth.ts'
import type { Emission } from '../world/mutation.ts'
import type { Fortune } from './fortune.ts'
import type { Poster } from './post.ts'
import type { Registry, Webhook } from './registry.ts'

/** An event is tried this often, then it is gone for ever. */
const TRIES = 5
/** Deliveries under way at once for one webhook. */
const PARALLEL = 32

export type Sender = {
  /** Puts an event on its way to one webhook, under what was decided for the act that it tells of. */
  send(webhook: Webhook, emission: Emission, body: Buffer, changes: readonly TruthChange[], fortune: Fortune): void
  /** Resolves when nothing is queued, in flight or waiting for another try. */
  idle(): Promise<void>
  /** How many are. */
  pending(): number
  close(): void
}

type Delivery = {
  readonly id: string
  readonly webhook: Webhook
  readonly body: Buffer
  /** What the log's changes learn of it. A duplicate's copies share one. */
  readonly heard: readonly Heard[]
  tries: number
}

export function createSender(options: {
  registry: Registry
  faults: Faults
  log: LogWriter
  random: Random
  poster: Poster
  timers: Timers
}): Sender {
  const { registry, faults, log, random, poster, timers } = options
  const queues = new Map<string, { waiting: Delivery[]; head: number; inFlight: number }>()
  const waits = new Set<() => void>()
  let idleWaiters: (() => void)[] = []
  let pending = 0
  let number = 0
  let closed = false

  function later(ms: number, act: () => void): void {
    const callOff = timers.after(ms, () => {
      waits.delete(callOff)
      act()
    })
    waits.add(callOff)
  }

  function end(delivery: Delivery, fate: Fate): void {
    for (const heard of delivery.heard) {
      // A copy that arrived is enough, whatever became of the other.
      if (heard.fate !== 'delivered') heard.fate = fate
    }
    pending -= 1
    if (pending > 0) return
    const waiters = idleWaiters
    idleWaiters = []
    for (const wake of waiters) wake()
  }

  function drop(delivery: Delivery, reason: 'tries' | 'suspended' | 'deleted'): void {
    log.write({ kind: 'dropped', deliveryId: delivery.id, reason })
    end(delivery, 'dropped')
  }

  function enqueue(delivery: Delivery): void {
    const { id } = delivery.webhook
    const queue = queues.get(id) ?? { waiting: [], head: 0, inFlight: 0 }
    queues.set(id, queue)
    queue.waiting.push(delivery)
    pump(id)
  }

  function pump(webhookId: string): void {
    const queue = queues.get(webhookId)
    if (queue === undefined) return
    while (queue.inFlight < PARALLEL) {
      const delivery = queue.waiting[queue.head]
      if (delivery === undefined) {
        queue.waiting = []
        queue.head = 0
        return
      }
      queue.head += 1
      if (registry.get(webhookId) === undefined) drop(delivery, 'deleted')
      else if (delivery.webhook.status === 'suspended') drop(delivery, 'suspended')
      else {
        queue.inFlight += 1
        void attempt(delivery).finally(() => {
          queue.inFlight -= 1
          pump(webhookId)
        })
      }
    }
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const { webhook, body } = delivery
    const begun = timers.elapsed()
    delivery.tries += 1
    const answer = await poster.post(webhook.endpoint, webhook.secret, body, faults.deliveryTimeoutMs)
    if (closed) return
    const status = answer.kind === 'answer' ? answer.status : null
    log.write({
      kind: 'attempt',
      deliveryId: delivery.id,
      attempt: delivery.tries,
      status,
      problem: answer.kind === 'none' ? answer.why : null,
      latencyMs: since(timers, begun),
    })
    if (status !== null && status >= 200 && status < 300) {
      registry.succeeded(webhook)
      return end(delivery, 'delivered')
    }
    if (status === 401 || status === 410) {
      registry.suspend(webhook)
      return drop(delivery, 'suspended')
    }
    registry.stumbled(webhook)
    if (delivery.tries < TRIES) return later(faults.retrySpacingMs, () => enqueue(delivery))
    registry.failed(webhook)
    drop(delivery, 'tries')
  }

  return {
    send(webhook, emission, body, changes, fortune) {
      if (closed) return
      number += 1
      const { event, resource } = emission
      // One stream per delivery: what happens to it does not depend on how fast the others were.
      const fork = random.fork(number)
      const byChance = fork.chance(faults.lost)
      const silent = faults.silentWebhooks.includes(webhook.id)
      const lostBy: LostBy | undefined = silent
        ? 'silence'
        : fortune.lost
          ? 'change'
          : byChance
            ? 'delivery'
            : undefined
      const lost = lostBy !== undefined
      const manner = { ...(lost ? { lostBy } : {}), ...(fortune.lateMs > 0 ? { lateMs: fortune.lateMs } : {}) }
      const copies = !lost && fork.chance(faults.duplicates) ? 2 : 1
      const deliveryId = `d${number}`
      const heard = changes.map((change): Heard => {
        const fate: Fate = lost ? 'lost' : 'pending'
        const entry: Heard = { deliveryId, webhookId: webhook.id, event, ...manner, fate }
        change.deliveries.push(entry)
        return entry
      })
      const historyIds = emission.items?.map((item) => item.id) ?? []
      for (let copy = 1; copy <= copies; copy++) {
        const { min, max } = faults.deliveryDelayMs
        const delayMs = fork.int(min, Math.max(min, max)) + fork.int(0, faults.reorderingMs) + fortune.lateMs
        const id = copy === 1 ? deliveryId : `${deliveryId}.${copy}`
        const about = { webhookId: webhook.id, event, resource, historyIds }
        log.write({ kind: 'delivery', deliveryId: id, ...about, copy, lost, delayMs })
        if (lost) continue
        pending += 1
        const delivery = { id, webhook, body, heard, tries: 0 }
        if (delayMs === 0) enqueue(delivery)
        else later(delayMs, () => enqueue(delivery))
      }
    },

    pending: () => pending,
    idle: () => (pending === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),

    close() {
      closed = true
      for (const callOff of waits) callOff()
      waits.clear()
      poster.close()
      pending = 0
      for (const wake of idleWaiters) wake()
      idleWaiters = []
    },
  }
}
