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

const ENVIRONMENT = {
  [ENV.stage]: nameSchema,
  [ENV.connections]: jsonVariable(connectionsSchema),
  [ENV.stateTable]: z.string().min(1),
  [ENV.pulseSettings]: jsonVariable(pulseSettingsSchema),
  [ENV.clickupApiUrl]: z.url().optional(),
  [ENV.clickupStatusUrl]: z.url().optional(),
}

/** Wires the pulse from its environment. @throws Error that says which variable is wrong */
export function buildPulse(source: Record<string, string | undefined> = process.env): PulseServices {
  const env = parseEnv(ENVIRONMENT, source)
  const { clickupStatus, workingTime } = env[ENV.pulseSettings]
  // Another ClickUp has another page, or none: the real one says nothing of it.
  const page = env[ENV.clickupStatusUrl] ?? (env[ENV.clickupApiUrl] === undefined ? CLICKUP_STATUS_URL : null)
  return {
    state: { dynamo: dynamoClient(CALL_LIMITS.worker), table: env[ENV.stateTable] },
    connections: env[ENV.connections].map(({ name }) => name),
    calendar: createCalendar(reportSettingsSchema.parse(workingTime)),
    statusUrl: clickupStatus ? page : null,
    fetch: (url, init) => fetch(url, init),
    timeout: (ms) => AbortSignal.timeout(ms),
    clock: systemClock,
    log: createLogger('pulse'),
    metrics: createMetrics(env[ENV.stage]),
  }
}
