import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { CLICKUP_API_URL, type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { type Connection, connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { createDesk } from '../../core/process/expansion/desk.ts'
import { createMailbox } from '../../core/process/messages.ts'
import type { Services } from '../../core/process/services.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import { createUnwanted } from '../../core/process/unwanted.ts'
import { createPublish } from '../../core/publish/bus.ts'
import { cached } from '../../core/secrets/cached.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createOwedStore } from '../../core/tasks/owed-store.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { type Platform, systemPlatform } from './platform.ts'

const MINUTE = 60_000

/** A rotated token is in use within a minute, and at once when the old one is refused. */
const CACHE = { lifeMs: MINUTE, staleMs: 60 * MINUTE, pauseMs: 10_000, refreshEveryMs: 10_000 }

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
  const platform = given ?? systemPlatform(stage)
  const { clock, random, log, metrics, dynamo } = platform
  const connections = new Map(env[ENV.connections].map((connection) => [connection.name, connection]))
  const settings = env[ENV.settings]
  const state = { dynamo, table: env[ENV.stateTable] }
  const readSecret = versionedSecrets(platform.secrets)
  const tokens = cached(
    async (connection) => {
      const { text, version } = await readSecret(tokenSecretName(stage, connection))
      const { token } = parseTokenSecret(text)
      return token === null ? null : { token, version }
    },
    { clock, ...CACHE },
  )
  const records = cached(
    async (connection) => {
      try {
        return await loadConnection(state, connection)
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error
        // Whose token it is stays unknown; that is no reason to hold back every change of the connection.
        log.error('What is stored of a connection is in a form that is not ours', { connection })
        return null
      }
    },
    { clock, ...CACHE },
  )
  const mailbox = createMailbox(platform.sqs, {
    deliveries: env[ENV.deliveriesQueueUrl],
    quarantine: env[ENV.quarantineQueueUrl],
  })
  const publish = createPublish({ client: platform.events, busName: env[ENV.busName] })
  const ofTables = {
    tasks: createTaskStore({ dynamo, table: env[ENV.tasksTable] }),
    known: createKnownStore({ dynamo, tasksTable: env[ENV.tasksTable], stateTable: env[ENV.stateTable] }),
    worklog: createWorklogStore({ dynamo, table: env[ENV.tasksTable] }),
    owed: createOwedStore({ dynamo, table: env[ENV.tasksTable] }),
  }
  const common = { clock, random, log, metrics }
  const gates = new Map(
    env[ENV.connections].map(({ name, callsPerMinute }) => {
      const planLimit = async () => (await records.get(name))?.callsPerMinute ?? null
      const { sleep } = platform
      return [
        name,
        createClickUpGate({ state, connection: name, callsPerMinute, planLimit, clock, random, sleep, log }),
      ] as const
    }),
  )

  const clickupOf = (connection: Connection, gate: Gate, { lane, deadline }: Invocation): ClickUp =>
    createClickUp({
      baseUrl: env[ENV.clickupApiUrl],
      token: async (renew) => (renew ? (await tokens.refresh(connection.name)).value : tokens.get(connection.name)),
      fetch: platform.fetch,
      timeout: platform.timeout,
      clock,
      random,
      sleep: platform.sleep,
      gate,
      lane,
      deadline: () => deadline,
      onCall: ({ outcome, ignoredHeaders }) => {
        metrics.count('ApiCalls')
        if (ignoredHeaders > 0) metrics.count('RateHeadersIgnored', ignoredHeaders)
        if (outcome === 'unavailable' || outcome === 'invalid') metrics.count('ApiErrors')
        if (outcome === 'tokenDead') metrics.count('TokenDead')
        if (outcome === 'rateLimited') metrics.count('RateLimited')
      },
    })

  return {
    ...common,
    mailbox,
    knows: (connection: string) => connections.has(connection),
    /** Made anew for each batch: the owner of a claim is an invocation, not a container. */
    servicesOf(name: string, invocation: Invocation): Services {
      const connection = connections.get(name)
      const gate = gates.get(name)
      if (connection === undefined || gate === undefined) throw new Error(`The connection ${name} is not configured`)
      const { leaseMs, ledgerDays, degradedAfterMs, reading } = settings
      const ledger = { dynamo, table: env[ENV.ledgerTable], clock, leaseMs, keepDays: ledgerDays }
      return {
        ...common,
        ...ofTables,
        connection,
        clickup: clickupOf(connection, gate, invocation),
        record: () => records.get(name),
        ledger: createLedger({ ...ledger, owner: randomUUID() }),
        desk: createDesk({ ...state, connection: name }),
        unwanted: createUnwanted({ ...state, connection: name }),
        publish,
        sendAgain: mailbox.sendAgain,
        quarantine: mailbox.quarantine,
        reading,
        degradedAfterMs,
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
