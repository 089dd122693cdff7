import * as z from 'zod'
import type { AcceptServices } from '../../core/ingest/accept.ts'
import { deliveriesQueue } from '../../core/ingest/queue.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { sqsClient } from '../../core/platform/aws/sqs.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { createLogger } from '../../core/platform/log.ts'
import { createMetrics } from '../../core/platform/metrics.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { cached } from '../../core/secrets/cached.ts'
import { parseSigningSecret, signingCacheSchema } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'

const SERVICE = 'verifier'

/**
 * Wires the verifier from its environment, and begins to read the secrets without waiting for them: the first delivery
 * finds them under way.
 * @throws Error that says which variable is wrong.
 */
export function buildServices(): AcceptServices {
  const env = parseEnv({
    [ENV.stage]: nameSchema,
    [ENV.connections]: jsonVariable(connectionsSchema),
    [ENV.deliveriesQueueUrl]: z.url(),
    [ENV.signingCache]: jsonVariable(signingCacheSchema).prefault('{}'),
  })
  const stage = env[ENV.stage]
  const connections = new Map(env[ENV.connections].map((connection) => [connection.name, connection]))
  const known = knownSecrets()
  const readSecret = secretsManagerSource(secretsClient(CALL_LIMITS.edge, known))
  const secrets = cached(
    async (connection) => parseSigningSecret(await readSecret(signingSecretName(stage, connection))),
    { clock: systemClock, ...env[ENV.signingCache] },
  )
  // A failure is forgotten by the cache, so the first delivery asks again and tells.
  for (const name of connections.keys()) secrets.get(name).catch(() => undefined)
  return {
    clock: systemClock,
    connections,
    secrets,
    enqueue: deliveriesQueue(sqsClient(CALL_LIMITS.edge), env[ENV.deliveriesQueueUrl]),
    log: createLogger(SERVICE, { secrets: known }),
    metrics: createMetrics(stage),
  }
}
