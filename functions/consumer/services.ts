import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { CLICKUP_API_URL } from '../../core/clickup/client.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { CANARY_DAYS } from '../../core/process/canary.ts'
import { createDesk } from '../../core/process/expansion/desk.ts'
import { createPartStore } from '../../core/process/found/parts.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { createPending } from '../../core/process/pending.ts'
import type { Services } from '../../core/process/services.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import { createUnwanted } from '../../core/process/unwanted.ts'
import { createPublish } from '../../core/publish/bus.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createOwedStore } from '../../core/tasks/owed-store.ts'
import { createStatusTimesStore } from '../../core/tasks/status-times.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { createClickUps } from '../shared/clickup.ts'
import { type Platform, systemPlatform } from './platform.ts'

const environment = (source: Record<string, string | undefined>) =>
  parseEnv(
    {
      [ENV.stage]: nameSchema,
      [ENV.connections]: jsonVariable(connectionsSchema),
      [ENV.settings]: jsonVariable(settingsSchema),
      [ENV.ledgerTable]: z.string().min(1),
      [ENV.tasksTable]: z.string().min(1),
      [ENV.stateTable]: z.string().min(1),
      [ENV.deliveriesQueueUrl]: z.url(),
      [ENV.quarantineQueueUrl]: z.url(),
      [ENV.busName]: z.string().min(1),
      [ENV.clickupApiUrl]: z.url().default(CLICKUP_API_URL),
    },
    source,
  )

export type Consumer = ReturnType<typeof buildConsumer>

/** Wires the consumer from its environment. @throws Error that says which variable is wrong. */
export function buildConsumer(source: Record<string, string | undefined> = process.env, given?: Platform) {
  const env = environment(source)
  const stage = env[ENV.stage]
  const platform = given ?? systemPlatform('consumer', stage)
  const { clock, random, log, metrics, dynamo } = platform
  const settings = env[ENV.settings]
  const state = { dynamo, table: env[ENV.stateTable] }
  const clickups = createClickUps(
    { stage, connections: env[ENV.connections], stateTable: state.table, clickupUrl: env[ENV.clickupApiUrl] },
    platform,
  )
  const { pause } = clickups
  const mailbox = createMailbox(platform.sqs, {
    deliveries: env[ENV.deliveriesQueueUrl],
    quarantine: env[ENV.quarantineQueueUrl],
  })
  const publish = createPublish({ client: platform.events, busName: env[ENV.busName] })
  const ofTables = {
    tasks: createTaskStore({ dynamo, table: env[ENV.tasksTable] }),
    known: createKnownStore({ dynamo, tasksTable: env[ENV.tasksTable], stateTable: env[ENV.stateTable] }),
    worklog: createWorklogStore({ dynamo, table: env[ENV.tasksTable] }),
    statusTimes: createStatusTimesStore({ dynamo, table: env[ENV.tasksTable] }),
    owed: createOwedStore({ dynamo, table: env[ENV.tasksTable] }),
  }
  const common = { clock, random, log, metrics }
  // Kept: it remembers what it has written.
  const pendings = new Map(
    env[ENV.connections].map(({ name }) => [
      name,
      createPending({ ...state, connection: name, noting: settings.noting }),
    ]),
  )

  return {
    ...common,
    mailbox,
    pause,
    knows: (name: string) => clickups.connection(name) !== undefined,
    pendingOf: (name: string) => pendings.get(name),
    /** Where test deliveries leave their marks. */
    canaryLedger: () =>
      createLedger({
        ...{ dynamo, table: env[ENV.ledgerTable], clock, owner: randomUUID() },
        ...{ leaseMs: settings.leaseMs, keepDays: CANARY_DAYS },
      }),
    /** Made anew for each batch: the owner of a claim is an invocation, not a container. */
    servicesOf(name: string, invocation: Invocation): Services {
      const connection = clickups.connection(name)
      if (connection === undefined) throw new Error(`The connection ${name} is not configured`)
      const { leaseMs, ledgerDays, degradedAfterMs, reading } = settings
      const ledger = { dynamo, table: env[ENV.ledgerTable], clock, leaseMs, keepDays: ledgerDays }
      return {
        ...common,
        ...ofTables,
        connection,
        clickup: clickups.of(name, invocation),
        record: () => clickups.record(name),
        ledger: createLedger({ ...ledger, owner: randomUUID() }),
        parts: createPartStore({ ...state, connection: name }),
        pending: pendings.get(name) ?? createPending({ ...state, connection: name, noting: settings.noting }),
        desk: createDesk({ ...state, connection: name }),
        unwanted: createUnwanted({ ...state, connection: name }),
        publish,
        sendAgain: mailbox.sendAgain,
        quarantine: mailbox.quarantine,
        reading,
        degradedAfterMs,
        pausedSince: pause.pausedSince,
        endsAt: invocation.endsAt,
      }
    },
  }
}

/** Who asks, and until when: times in milliseconds since 1970. */
type Invocation = {
  lane: Lane
  /** When every call to ClickUp must have ended. */
  deadline: number
  /** When the function is cut off. */
  endsAt: number
}
