import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import { type Settings, settingsSchema } from '../../core/process/settings.ts'
import { type SyncSettings, syncSettingsSchema } from '../../core/sync/settings.ts'
import { configSchema } from '../../infra/config.ts'
import { consumerTiming, SYNC_TIMEOUT_SECONDS } from '../../infra/timing.ts'
import { TABLES } from './aws/tables.ts'

const STAGE = 'storm'
export const CONNECTION = 'main'
export const QUEUES = {
  deliveries: 'https://sqs.invalid/deliveries',
  quarantine: 'https://sqs.invalid/quarantine',
  jobs: 'https://sqs.invalid/jobs',
  failedJobs: 'https://sqs.invalid/failed-jobs',
  guard: 'https://sqs.invalid/guard',
} as const
export const SECRETS = {
  signing: signingSecretName(STAGE, CONNECTION),
  token: tokenSecretName(STAGE, CONNECTION),
} as const
const BUS = 'hookline-storm'
export const ENDPOINT = webhookUrl('https://hookline.invalid', CONNECTION, 'a')

/** What is deployed when nothing is chosen. */
const { connections, consumer, ledgerDays } = configSchema.parse({ stage: STAGE, connections: [{ name: CONNECTION }] })

export const CONNECTIONS = connections
export const CONSUMER = consumer
export const TIMING = consumerTiming(consumer.timeoutSeconds)
/** As the template has it: one job an invocation, followed after six time-outs by whoever takes up what died. */
export const SYNC = {
  timeoutSeconds: SYNC_TIMEOUT_SECONDS,
  visibilitySeconds: SYNC_TIMEOUT_SECONDS * 6,
  batchSize: 1,
  maxConcurrency: 3,
} as const

/** The consumer's environment, as the template writes it. */
export function environmentOf(clickupUrl: string, reading: Partial<Settings['reading']> = {}): Record<string, string> {
  const settings: Settings = settingsSchema.parse({
    leaseMs: TIMING.leaseMs,
    ledgerDays,
    degradedAfterMs: consumer.degradedAfterMinutes * 60_000,
    reading,
  })
  return {
    [ENV.stage]: STAGE,
    [ENV.connections]: JSON.stringify(CONNECTIONS),
    [ENV.settings]: JSON.stringify(settings),
    [ENV.ledgerTable]: TABLES.ledger,
    [ENV.tasksTable]: TABLES.tasks,
    [ENV.stateTable]: TABLES.state,
    [ENV.deliveriesQueueUrl]: QUEUES.deliveries,
    [ENV.quarantineQueueUrl]: QUEUES.quarantine,
    [ENV.busName]: BUS,
    [ENV.clickupApiUrl]: clickupUrl,
  }
}

/** The environment of backfill, sweep and census, as the template writes it. */
export const syncEnvironmentOf = (
  clickupUrl: string,
  settings: Partial<SyncSettings> = {},
): Record<string, string> => ({
  [ENV.stage]: STAGE,
  [ENV.connections]: JSON.stringify(CONNECTIONS),
  [ENV.syncSettings]: JSON.stringify(syncSettingsSchema.parse(settings)),
  [ENV.tasksTable]: TABLES.tasks,
  [ENV.stateTable]: TABLES.state,
  [ENV.deliveriesQueueUrl]: QUEUES.deliveries,
  [ENV.jobsQueueUrl]: QUEUES.jobs,
  [ENV.guardQueueUrl]: QUEUES.guard,
  [ENV.busName]: BUS,
  [ENV.clickupApiUrl]: clickupUrl,
})
