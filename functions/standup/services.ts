import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { CLICKUP_API_URL } from '../../core/clickup/client.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { modelSecretName } from '../../core/platform/names.ts'
import { createPublishNotice } from '../../core/publish/notice.ts'
import { cached } from '../../core/secrets/cached.ts'
import { keyHolder, readModelKey } from '../../core/secrets/model-key.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { createAskModel } from '../../core/standup/model/ask.ts'
import type { AskModel } from '../../core/standup/model/model.ts'
import { notConfigured } from '../../core/standup/model/none.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import { readPrompt } from '../../core/standup/say/prompts.ts'
import { standupJobSender } from '../../core/standup/send-jobs.ts'
import type { StandupServices } from '../../core/standup/services.ts'
import { type StandupSettings, standupSettingsSchema } from '../../core/standup/settings.ts'
import { type Platform, systemPlatform } from '../consumer/platform.ts'
import { type Asking, createClickUps, TOKEN_CACHE } from '../shared/clickup.ts'

export type Standup = ReturnType<typeof buildStandup>

/** Longer than it takes from the publishing of a change until every index of the ledger has it. */
const SETTLE_MS = 30_000

const environment = (source: Record<string, string | undefined>) =>
  parseEnv(
    {
      [ENV.stage]: nameSchema,
      [ENV.connections]: jsonVariable(connectionsSchema),
      [ENV.ledgerTable]: z.string().min(1),
      [ENV.tasksTable]: z.string().min(1),
      [ENV.stateTable]: z.string().min(1),
      [ENV.standupQueueUrl]: z.url(),
      [ENV.busName]: z.string().min(1),
      [ENV.standupSettleMs]: z.coerce.number().nonnegative().default(SETTLE_MS),
      [ENV.clickupApiUrl]: z.url().default(CLICKUP_API_URL),
      [ENV.modelUrl]: z.url().optional(),
      AWS_REGION: z.string().min(1),
    },
    source,
  )
type Environment = ReturnType<typeof environment>

/**
 * Wires summaries and recipes from the environment and from what lies beside the bundle.
 *
 * @param directory where `standup.json` and the prompts are
 * @throws Error that says which variable is wrong, or that the settings are
 */
export function buildStandup(
  directory: string,
  source: Record<string, string | undefined> = process.env,
  given?: Platform,
) {
  const env = environment(source)
  const stage = env[ENV.stage]
  const platform = given ?? systemPlatform('standup', stage)
  const { clock, dynamo, log, metrics, sqs } = platform
  const tables = { ledger: env[ENV.ledgerTable], tasks: env[ENV.tasksTable], state: env[ENV.stateTable] }
  const settings = readSettings(join(directory, 'standup.json'))
  const clickups = createClickUps(
    { stage, connections: env[ENV.connections], stateTable: tables.state, clickupUrl: env[ENV.clickupApiUrl] },
    platform,
  )
  const sendJobs = standupJobSender(sqs, env[ENV.standupQueueUrl])
  const common = {
    ...{ clock, log, metrics, settings, dynamo, tables, sendJobs },
    ask: askOf(settings, env, platform),
    prompt: (name: string) => readPrompt(join(directory, 'prompts'), name),
    selfOf: async (connection: string) => (await clickups.record(connection))?.userId ?? null,
    publishNotice: createPublishNotice({ client: platform.events, busName: env[ENV.busName] }),
  }

  return {
    ...{ clock, log, metrics, settings, sendJobs, pause: clickups.pause, settleMs: env[ENV.standupSettleMs] },
    /** Made anew for each invocation, which is the owner of what it is at. */
    servicesOf: (asking: Pick<Asking, 'lane' | 'deadline'>): StandupServices => ({
      ...common,
      clickupOf: (connection) => clickups.of(connection, asking),
      owner: randomUUID(),
    }),
  }
}

function readSettings(file: string): StandupSettings {
  const result = standupSettingsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (result.success) return result.data
  throw new Error(`The settings of this function are not usable. ${z.prettifyError(result.error)}`)
}

/** Asks the model of the settings; nobody where there is none. A new key is in use within a minute. */
function askOf({ model, caps }: StandupSettings, env: Environment, platform: Platform): AskModel {
  if (model === null) return notConfigured
  const { clock, dynamo, log, metrics, sleep } = platform
  const read = secretsManagerSource(platform.secrets)
  const keys = cached((name: string) => readModelKey(read, name, keyHolder(model)), { clock, ...TOKEN_CACHE })
  return createAskModel(model, {
    ...{ clock, sleep, log, metrics },
    region: env.AWS_REGION,
    baseUrl: env[ENV.modelUrl],
    key: () => keys.get(modelSecretName(env[ENV.stage])),
    spend: createSpending({ dynamo, table: env[ENV.stateTable], clock }, caps),
  })
}
