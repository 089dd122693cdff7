import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { CLICKUP_API_URL } from '../../core/clickup/client.ts'
import type { GuardServices } from '../../core/guard/guard.ts'
import { waitsOf } from '../../core/guard/make.ts'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { signingCacheSchema } from '../../core/secrets/signing.ts'
import { jobSender, type SendJob } from '../../core/sync/job.ts'
import { createClickUps, TOKEN_CACHE } from '../shared/clickup.ts'
import { type WorkerPlatform, workerPlatform } from '../shared/platform.ts'

export type Guard = ReturnType<typeof buildGuard>

/** Wires the guard from its environment. @throws Error that says which variable is wrong. */
export function buildGuard(source: Record<string, string | undefined> = process.env, given?: WorkerPlatform) {
  const env = parseEnv(
    {
      [ENV.stage]: nameSchema,
      [ENV.connections]: jsonVariable(connectionsSchema),
      [ENV.stateTable]: z.string().min(1),
      [ENV.apiUrl]: z.url(),
      [ENV.guardQueueUrl]: z.url(),
      [ENV.jobsQueueUrl]: z.url(),
      [ENV.signingCache]: jsonVariable(signingCacheSchema).prefault('{}'),
      [ENV.clickupApiUrl]: z.url().default(CLICKUP_API_URL),
    },
    source,
  )
  const stage = env[ENV.stage]
  const platform = given ?? workerPlatform('guard', stage)
  const { clock, log, metrics, sleep } = platform
  const connections = env[ENV.connections]
  const state = { dynamo: platform.dynamo, table: env[ENV.stateTable] }
  const clickups = createClickUps(
    { stage, connections, stateTable: state.table, clickupUrl: env[ENV.clickupApiUrl] },
    platform,
  )
  const sendJob = jobSender(platform.sqs, env[ENV.jobsQueueUrl])
  const sendGuard = jobSender(platform.sqs, env[ENV.guardQueueUrl])

  return {
    clock,
    log,
    metrics,
    sendGuard,
    tokenSince: clickups.tokenSince,
    connections: connections.map(({ name }) => name),
    /** Made anew for each run, which is the holder of the lock. `deadline`: when every call to ClickUp must have ended. */
    servicesOf: (connection: string, deadline: number): GuardServices & { sendGuard: SendJob } => ({
      connection,
      state,
      signing: createSigningStore(platform.secrets, signingSecretName(stage, connection), sleep),
      clickup: clickups.of(connection, { lane: 'control', deadline, fresh: true }),
      formerClickUp: () => clickups.former(connection, { lane: 'control', deadline }),
      apiUrl: env[ENV.apiUrl],
      sendJob,
      sendGuard,
      clock,
      log,
      // A missing webhook loses deliveries every minute.
      waitMs: waitsOf(env[ENV.signingCache]).soon,
      lingerMs: env[ENV.signingCache].lingerMs,
      tokenLifeMs: TOKEN_CACHE.lifeMs,
      holder: randomUUID(),
    }),
  }
}
