import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { CLICKUP_API_URL, type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { createMailbox } from '../../core/process/messages.ts'
import type { Services } from '../../core/process/services.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import { createPublish } from '../../core/publish/bus.ts'
import { cached } from '../../core/secrets/cached.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { saveRate } from '../../core/upstream/rate.ts'
import { createRateKeeper } from '../../core/upstream/rate-keeper.ts'
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
  const readSecret = secretsManagerSource(platform.secrets)
  const tokens = cached(async (connection) => parseTokenSecret(await readSecret(tokenSecretName(stage, connection))), {
    clock,
    ...CACHE,
  })
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
  const rates = createRateKeeper({ clock, save: (connection, rate) => saveRate(state, connection, rate) })
  const mailbox = createMailbox(platform.sqs, {
    deliveries: env[ENV.deliveriesQueueUrl],
    quarantine: env[ENV.quarantineQueueUrl],
  })
  const publish = createPublish({ client: platform.events, busName: env[ENV.busName] })
  const ofTables = {
    tasks: createTaskStore({ dynamo, table: env[ENV.tasksTable] }),
    known: createKnownStore({ dynamo, tasksTable: env[ENV.tasksTable], stateTable: env[ENV.stateTable] }),
    worklog: createWorklogStore({ dynamo, table: env[ENV.tasksTable] }),
  }
  const common = { clock, random, log, metrics }

  const clickupOf = (connection: string): ClickUp =>
    createClickUp({
      baseUrl: env[ENV.clickupApiUrl],
      token: async (renew) => (renew ? (await tokens.refresh(connection)).value : await tokens.get(connection)).token,
      fetch: platform.fetch,
      clock,
      onCall: ({ outcome, rate }) => {
        rates.note(connection, rate)
        metrics.count('ApiCalls')
        if (outcome === 'unavailable' || outcome === 'invalid') metrics.count('ApiErrors')
        if (outcome === 'tokenDead') metrics.count('TokenDead')
        if (outcome === 'rateLimited') metrics.count('RateLimited')
      },
    })

  return {
    ...common,
    mailbox,
    rates,
    knows: (connection: string) => connections.has(connection),
    /** Made anew for each batch: the owner of a claim is an invocation, not a container. */
    servicesOf(name: string): Services {
      const connection = connections.get(name)
      if (connection === undefined) throw new Error(`The connection ${name} is not configured`)
      const { leaseMs, ledgerDays } = settings
      const ledger = { dynamo, table: env[ENV.ledgerTable], clock, leaseMs, keepDays: ledgerDays }
      return {
        ...common,
        ...ofTables,
        connection,
        clickup: clickupOf(name),
        selfId: async () => (await records.get(name))?.userId ?? null,
        ledger: createLedger({ ...ledger, owner: randomUUID() }),
        publish,
        sendAgain: mailbox.sendAgain,
        quarantine: mailbox.quarantine,
      }
    },
  }
}
