import * as z from 'zod'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createLogger } from '../../core/platform/log.ts'
import { createMetrics } from '../../core/platform/metrics.ts'
import type { PulseServices } from '../../core/pulse/pulse.ts'
import { pulseSettingsSchema } from '../../core/pulse/settings.ts'
import { CLICKUP_STATUS_URL } from '../../core/pulse/status-page.ts'
import { reportSettingsSchema } from '../../core/report/settings.ts'
import { createCalendar } from '../../core/report/working-time.ts'
import type { WorkerPlatform } from '../shared/platform.ts'

const ENVIRONMENT = {
  [ENV.stage]: nameSchema,
  [ENV.connections]: jsonVariable(connectionsSchema),
  [ENV.stateTable]: z.string().min(1),
  [ENV.pulseSettings]: jsonVariable(pulseSettingsSchema),
  [ENV.clickupApiUrl]: z.url().optional(),
  [ENV.clickupStatusUrl]: z.url().optional(),
}

/** What the pulse runs on: the world outside, so that a simulation can put another one in its place. */
type Platform = Pick<WorkerPlatform, 'dynamo' | 'fetch' | 'timeout' | 'clock' | 'log' | 'metrics'>

const systemPlatform = (stage: string): Platform => ({
  dynamo: dynamoClient(CALL_LIMITS.worker),
  fetch: (url, init) => fetch(url, init),
  timeout: (ms) => AbortSignal.timeout(ms),
  clock: systemClock,
  log: createLogger('pulse'),
  metrics: createMetrics(stage),
})

/** Wires the pulse from its environment. @throws Error that says which variable is wrong */
export function buildPulse(source: Record<string, string | undefined> = process.env, given?: Platform): PulseServices {
  const env = parseEnv(ENVIRONMENT, source)
  const { dynamo, ...rest } = given ?? systemPlatform(env[ENV.stage])
  const { clickupStatus, workingTime } = env[ENV.pulseSettings]
  // Another ClickUp has another page, or none: the real one says nothing of it.
  const page = env[ENV.clickupStatusUrl] ?? (env[ENV.clickupApiUrl] === undefined ? CLICKUP_STATUS_URL : null)
  return {
    ...rest,
    state: { dynamo, table: env[ENV.stateTable] },
    connections: env[ENV.connections].map(({ name }) => name),
    calendar: createCalendar(reportSettingsSchema.parse(workingTime)),
    statusUrl: clickupStatus ? page : null,
  }
}
