import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { createClickUp } from '../core/clickup/client.ts'
import { type DeliveryMessage, packBytes } from '../core/ingest/message.ts'
import type { Ledger } from '../core/ledger/ledger.ts'
import type { Connection } from '../core/platform/connections.ts'
import { type Desk, EMPTY_DESK } from '../core/process/expansion/desk.ts'
import { processBatch } from '../core/process/process.ts'
import type { Services } from '../core/process/services.ts'
import { createPublish } from '../core/publish/bus.ts'
import type { Known } from '../core/tasks/known.ts'
import type { KnownStore } from '../core/tasks/known-store.ts'
import { observe } from '../core/tasks/observe.ts'
import type { Snapshot } from '../core/tasks/snapshot.ts'
import type { TaskStore } from '../core/tasks/store.ts'
import type { Gate } from '../core/upstream/gate.ts'
import type { BusEvent } from '../local/aws/events/event.ts'

/** What ClickUp answers to a `GET`, by path; any other path is a 404. */
export type Answers = Readonly<Record<string, unknown>>

/**
 * The consumer's own code from a delivery to the bus, on stores in memory and with a clock that is told, so that the same
 * deliveries always give the same events, to the letter.
 */
export function examplePipeline(connection: Connection, selfId: string) {
  const clock = { time: 0, now: () => clock.time }
  const put: BusEvent[] = []
  let answers: Answers = {}

  const clickup = createClickUp({
    baseUrl: 'https://clickup.invalid/api',
    token: async () => ({ token: 'an-example', version: '1' }),
    clock,
    random: () => 0,
    sleep: async () => undefined,
    gate: openGate,
    lane: 'live',
    fetch: async (url) => {
      const answer = answers[new URL(url).pathname.replace('/api/v2', '')]
      return answer === undefined
        ? Response.json({ err: 'Not found', ECODE: 'ITEM_013' }, { status: 404 })
        : Response.json(answer)
    },
  })

  const services: Services = {
    clock,
    random: () => 0,
    connection,
    clickup,
    record: async () => ({ workspaceId: '9001', userId: selfId }),
    ledger: openLedger,
    tasks: tasksInMemory(),
    known: knownInMemory(),
    worklog: { record: async () => undefined, load: async () => null },
    statusTimes: { put: async () => undefined },
    parts: { done: async () => undefined },
    pending: { note: async () => undefined },
    owed: { add: async () => undefined, remove: async () => undefined, list: async () => [] },
    desk: emptyDesk,
    unwanted: { lists: async () => new Map(), remember: async () => undefined },
    reading: { debounceMs: 0, fewReads: 10 },
    degradedAfterMs: 600_000,
    pausedSince: () => 0,
    endsAt: Number.POSITIVE_INFINITY,
    publish: createPublish({ client: clientInto(put, clock), busName: 'hookline-prod' }),
    sendAgain: () => unexpected('deferred'),
    quarantine: (_message, { reason }) => unexpected(reason),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: {
      count: () => undefined,
      milliseconds: () => undefined,
      percent: () => undefined,
      flush: () => undefined,
    },
  }

  return {
    /** The events of one delivery that came in at `receivedAt` and was worked on half a second later. */
    async deliver(body: object, receivedAt: number, now: Answers): Promise<BusEvent[]> {
      clock.time = receivedAt + 500
      answers = now
      const [disposition] = await processBatch([messageOf(body, receivedAt, connection)], services)
      if (disposition !== 'done') throw new Error(`The example delivery came to nothing: ${JSON.stringify(body)}`)
      return put.splice(0)
    },
  }
}

const unexpected = (what: string): never => {
  throw new Error(`The example delivery came to nothing: ${what}`)
}

function messageOf(body: object, receivedAt: number, { name }: Connection): DeliveryMessage {
  const message = packBytes({ connection: name, slot: 'a', receivedAt }, Buffer.from(JSON.stringify(body)))
  return message ?? unexpected('too large')
}

/** Every example happens once, so every claim is free. */
const openLedger: Ledger = {
  doneAmong: async () => new Set(),
  claim: async () => ({ kind: 'claimed' }),
  complete: async () => 'completed',
  doneSince: async () => ({ changes: [], claimed: 0 }),
  amend: async () => undefined,
  release: async () => undefined,
}

/** Nobody else asks anything. */
const openGate: Gate = {
  look: async () => ({ kind: 'free', calls: 95, limit: 100 }),
  reserve: async (_lane, calls) => ({ kind: 'free', calls, limit: 100 }),
  enter: async () => ({ kind: 'granted', probe: false }),
  leave: async () => undefined,
}

/** Nobody else reads anything. */
const emptyDesk: Desk = {
  look: async () => EMPTY_DESK,
  begin: async () => true,
  wait: () => unexpected('put off'),
  take: async () => true,
  end: async () => undefined,
  calm: async () => undefined,
  expectErrand: async () => undefined,
}

function tasksInMemory(): TaskStore {
  const snapshots = new Map<string, Snapshot>()
  return {
    load: async (_connection, ids) =>
      new Map(ids.map((id) => [id, { snapshot: snapshots.get(id) ?? null, known: null, fault: null }])),
    async record(_connection, seen, before) {
      const next = observe(before, seen) ?? before
      if (next === null) throw new Error('an observation made no snapshot')
      snapshots.set(seen.id, next)
      return next
    },
  }
}

function knownInMemory(): KnownStore {
  const all = new Map<string, Known>()
  return {
    load: async (_connection, { kind, id }) => all.get(`${kind} ${id}`) ?? null,
    async save(_connection, { kind, id }, known) {
      all.set(`${kind} ${id}`, known)
      return true
    },
  }
}

const identified = z.union([
  z.object({ changeId: z.string() }).transform(({ changeId }) => changeId),
  z.object({ summaryId: z.string() }).transform(({ summaryId }) => summaryId),
])
const putEvents = z.object({
  Entries: z.array(
    z.object({ DetailType: z.string(), Source: z.string(), Resources: z.array(z.string()), Detail: z.string() }),
  ),
})

/** A client whose calls end before the network; each entry becomes the event that a target would get. */
export function clientInto(put: BusEvent[], clock: { now(): number }): EventBridgeClient {
  const client = new EventBridgeClient({ region: 'eu-central-1' })
  client.middlewareStack.add(
    () => async (args) => {
      const { Entries } = putEvents.parse(args.input)
      const events = Entries.map((entry): BusEvent => {
        const detail = z.record(z.string(), z.unknown()).parse(JSON.parse(entry.Detail))
        return {
          version: '0',
          id: uuidOf(identified.parse(detail)),
          'detail-type': entry.DetailType,
          source: entry.Source,
          account: '123456789012',
          time: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
          region: 'eu-central-1',
          resources: entry.Resources,
          detail,
        }
      })
      put.push(...events)
      return {
        output: { $metadata: {}, FailedEntryCount: 0, Entries: events.map(({ id }) => ({ EventId: id })) },
        response: {},
      }
    },
    { step: 'initialize' },
  )
  return client
}

/** EventBridge's id is random; here it has to be the same each time. */
const uuidOf = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
