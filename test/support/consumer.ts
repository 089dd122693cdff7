import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createClickUp } from '../../core/clickup/client.ts'
import { type DeliveryMessage, packBytes } from '../../core/ingest/message.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { createDesk } from '../../core/process/expansion/desk.ts'
import { createPartStore } from '../../core/process/found/parts.ts'
import { runErrand } from '../../core/process/owed/errand.ts'
import { createPending } from '../../core/process/pending.ts'
import { processBatch } from '../../core/process/process.ts'
import type { Services } from '../../core/process/services.ts'
import { type Reading, settingsSchema } from '../../core/process/settings.ts'
import { createUnwanted } from '../../core/process/unwanted.ts'
import type { ChangeEvent } from '../../core/publish/event.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createOwedStore } from '../../core/tasks/owed-store.ts'
import { createStatusTimesStore } from '../../core/tasks/status-times.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import { CONNECTION } from './connection.ts'
import type { Tables } from './dynamo.ts'
import { openGate } from './gate.ts'

export { CONNECTION }

export const LEASE_MS = 90_000

const { degradedAfterMs, reading: asDeployed } = settingsSchema.parse({ leaseMs: LEASE_MS, ledgerDays: 400 })
/** Nothing is held back for having been read a moment ago: in most tests the clock stands. */
export const READING = { deployed: asDeployed, undelayed: { ...asDeployed, debounceMs: 0 } }

/** A consumer on real tables, with a clock, a bus and a mailbox that the test can read. */
export function consumer(options: {
  dynamo: DynamoDBDocumentClient
  tables: Tables
  fetch: Fetch
  now?: number
  connection?: Connection
  token?: string | null
  gate?: Gate
  reading?: Reading
}) {
  const { dynamo, tables } = options
  const clock = { time: options.now ?? 1_789_000_010_000, now: () => clock.time }
  const published: ChangeEvent[] = []
  const sentAgain: { message: DeliveryMessage; delaySeconds: number }[] = []
  const quarantined: { message: DeliveryMessage; fault: { class: string; reason: string } }[] = []
  const lines: Record<string, unknown>[] = []
  const counts: Record<string, number> = {}
  const log = (message: string, fields = {}) => void lines.push({ message, ...fields })
  const connection = options.connection ?? CONNECTION
  let owners = 0

  // One for all batches, as a container has it: it remembers what it has written.
  const pending = createPending({ dynamo, table: tables.state, connection: connection.name })

  function services(over: Partial<Services> = {}): Services {
    owners += 1
    return {
      clock,
      random: () => 0,
      connection,
      clickup: createClickUp({
        baseUrl: 'http://clickup.test/api',
        token: async () => (options.token === null ? null : { token: options.token ?? 'a-token', version: '1' }),
        fetch: options.fetch,
        clock,
        random: () => 0,
        sleep: async () => undefined,
        gate: options.gate ?? openGate,
        lane: 'live',
      }),
      record: async () => ({ workspaceId: '9001', userId: '7' }),
      ledger: createLedger({
        dynamo,
        table: tables.ledger,
        clock,
        owner: `owner ${owners}`,
        leaseMs: LEASE_MS,
        keepDays: 400,
      }),
      tasks: createTaskStore({ dynamo, table: tables.tasks }),
      known: createKnownStore({ dynamo, tasksTable: tables.tasks, stateTable: tables.state }),
      worklog: createWorklogStore({ dynamo, table: tables.tasks }),
      statusTimes: createStatusTimesStore({ dynamo, table: tables.tasks }),
      owed: createOwedStore({ dynamo, table: tables.tasks }),
      parts: createPartStore({ dynamo, table: tables.state, connection: connection.name }),
      pending,
      desk: createDesk({ dynamo, table: tables.state, connection: connection.name }),
      unwanted: createUnwanted({ dynamo, table: tables.state, connection: connection.name }),
      reading: options.reading ?? READING.undelayed,
      degradedAfterMs,
      pausedSince: () => 0,
      endsAt: clock.time + 60_000,
      publish: async (events) => {
        published.push(...events)
        return events.map(() => null)
      },
      sendAgain: async (resends) => {
        sentAgain.push(...resends.map(({ message, delaySeconds }) => ({ message, delaySeconds })))
        return resends.map(() => null)
      },
      quarantine: async (message, fault) => void quarantined.push({ message, fault }),
      log: { info: log, warn: log, error: log },
      metrics: {
        count: (name, value = 1) => {
          counts[name] = (counts[name] ?? 0) + value
        },
        milliseconds: () => undefined,
        percent: () => undefined,
        flush: () => undefined,
      },
      ...over,
    }
  }

  return {
    clock,
    published,
    sentAgain,
    quarantined,
    lines,
    counts,
    services,
    /** A message as the verifier would have queued it. */
    message(body: unknown, receivedAt = clock.time): DeliveryMessage {
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
      const message = packBytes({ connection: connection.name, slot: 'a', receivedAt }, bytes)
      if (message === null) throw new Error('too large for a message')
      return message
    },
    /** As the function does: deliveries as a batch, errands one by one. */
    async run(messages: readonly DeliveryMessage[]): Promise<void> {
      const deliveries = messages.filter(({ encoding }) => encoding !== 'errand')
      if (deliveries.length > 0) await processBatch(deliveries, services())
      for (const errand of messages.filter(({ encoding }) => encoding === 'errand')) await runErrand(errand, services())
    },
    process: (messages: readonly DeliveryMessage[], over: Partial<Services> = {}, claimUntil?: number) =>
      processBatch(messages, services(over), claimUntil),
  }
}
