import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import { type Settings, settingsSchema } from '../../core/process/settings.ts'
import { pulseSettingsSchema } from '../../core/pulse/settings.ts'
import { rotationSettingsSchema } from '../../core/rotation/settings.ts'
import { type SyncSettings, syncSettingsSchema } from '../../core/sync/settings.ts'
import { configSchema } from '../../infra/config.ts'
import { consumerTiming, GUARD_TIMEOUT_SECONDS, SYNC_TIMEOUT_SECONDS } from '../../infra/timing.ts'
import { TABLES } from './aws/tables.ts'

const STAGE = 'storm'
export const CONNECTION = 'main'
export const QUEUES = {
  deliveries: 'https://sqs.invalid/deliveries',
  quarantine: 'https://sqs.invalid/quarantine',
  jobs: 'https://sqs.invalid/jobs',
  failedJobs: 'https://sqs.invalid/failed-jobs',
  guard: 'https://sqs.invalid/guard',
  failedGuardJobs: 'https://sqs.invalid/failed-guard-jobs',
} as const
export const SECRETS = {
  signing: signingSecretName(STAGE, CONNECTION),
  token: tokenSecretName(STAGE, CONNECTION),
} as const
const BUS = 'hookline-storm'
/** Base of every webhook's URL. Nothing listens there: the verifier is called in its place. */
export const API_URL = 'https://hookline.invalid'
export const ENDPOINT = webhookUrl(API_URL, CONNECTION, 'a')

/** What is deployed when nothing is chosen. */
const { connections, consumer, ledgerDays, rotation } = configSchema.parse({
  stage: STAGE,
  connections: [{ name: CONNECTION }],
})

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

/** As the template has it. */
export const GUARD = {
  timeoutSeconds: GUARD_TIMEOUT_SECONDS,
  visibilitySeconds: GUARD_TIMEOUT_SECONDS * 6,
  maxConcurrency: 2,
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

/** The environment of those that make, mend and replace webhooks, as the template writes it. */
export const webhooksEnvironmentOf = (clickupUrl: string): Record<string, string> => ({
  [ENV.stage]: STAGE,
  [ENV.connections]: JSON.stringify(CONNECTIONS),
  [ENV.stateTable]: TABLES.state,
  [ENV.apiUrl]: API_URL,
  [ENV.guardQueueUrl]: QUEUES.guard,
  [ENV.jobsQueueUrl]: QUEUES.jobs,
  [ENV.rotationSettings]: JSON.stringify(rotationSettingsSchema.parse({ overlapMs: rotation.overlapMinutes * 60_000 })),
  [ENV.clickupApiUrl]: clickupUrl,
})

/** The pulse's environment, as the template writes it. */
export const pulseEnvironmentOf = (clickupUrl: string): Record<string, string> => ({
  [ENV.stage]: STAGE,
  [ENV.connections]: JSON.stringify(CONNECTIONS),
  [ENV.stateTable]: TABLES.state,
  [ENV.pulseSettings]: JSON.stringify(pulseSettingsSchema.parse({})),
  [ENV.clickupApiUrl]: clickupUrl,
})
