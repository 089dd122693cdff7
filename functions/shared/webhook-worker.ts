import * as z from 'zod'
import { CLICKUP_API_URL } from '../../core/clickup/client.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { signingCacheSchema } from '../../core/secrets/signing.ts'
import { jobSender } from '../../core/sync/job.ts'
import { createClickUps } from './clickup.ts'
import { type WorkerPlatform, workerPlatform } from './platform.ts'

const ENVIRONMENT = {
  [ENV.stage]: nameSchema,
  [ENV.connections]: jsonVariable(connectionsSchema),
  [ENV.stateTable]: z.string().min(1),
  [ENV.apiUrl]: z.url(),
  [ENV.guardQueueUrl]: z.url(),
  [ENV.jobsQueueUrl]: z.url(),
  [ENV.signingCache]: jsonVariable(signingCacheSchema).prefault('{}'),
  [ENV.clickupApiUrl]: z.url().default(CLICKUP_API_URL),
}

/**
 * What the functions have in common that make, mend and replace webhooks.
 * @throws Error that says which variable of the environment is wrong
 */
export function webhookWorker(
  service: string,
  source: Record<string, string | undefined>,
  given: WorkerPlatform | undefined,
) {
  const env = parseEnv(ENVIRONMENT, source)
  const stage = env[ENV.stage]
  const connections = env[ENV.connections]
  const platform = given ?? workerPlatform(service, stage)
  const state = { dynamo: platform.dynamo, table: env[ENV.stateTable] }
  return {
    ...{ stage, platform, state },
    connections: connections.map(({ name }) => name),
    clickups: createClickUps(
      { stage, connections, stateTable: state.table, clickupUrl: env[ENV.clickupApiUrl] },
      platform,
    ),
    apiUrl: env[ENV.apiUrl],
    /** How verifiers keep signing secrets. */
    cache: env[ENV.signingCache],
    sendJob: jobSender(platform.sqs, env[ENV.jobsQueueUrl]),
    sendGuard: jobSender(platform.sqs, env[ENV.guardQueueUrl]),
    signingOf: (connection: string) =>
      createSigningStore(platform.secrets, signingSecretName(stage, connection), platform.sleep),
  }
}
