import * as z from 'zod'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { connectionsSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createLogger } from '../../core/platform/log.ts'
import { VERSION } from '../../core/platform/version.ts'
import { createHealth } from '../../core/status/read-health.ts'

/** Wires the health of the stage from its environment. @throws Error that says which variable is wrong */
export function buildHealth(source: Record<string, string | undefined> = process.env) {
  const env = parseEnv(
    { [ENV.connections]: jsonVariable(connectionsSchema), [ENV.stateTable]: z.string().min(1) },
    source,
  )
  return createHealth({
    state: { dynamo: dynamoClient(CALL_LIMITS.edge), table: env[ENV.stateTable] },
    connections: env[ENV.connections].map(({ name }) => name),
    version: VERSION,
    clock: systemClock,
    log: createLogger('health'),
  })
}
