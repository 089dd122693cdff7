import { randomUUID } from 'node:crypto'
import { PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import * as z from 'zod'
import { codeDeployClient } from '../../core/platform/aws/codedeploy.ts'
import { lambdaClient } from '../../core/platform/aws/lambda.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { connectionsSchema, nameSchema } from '../../core/platform/connections.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { parseJson } from '../../core/platform/json.ts'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { createLogger, type Log } from '../../core/platform/log.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import type { CheckServices, Invoked } from '../../core/release/check.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'

/** What CodeDeploy says when it asks: whom the answer is for, and nothing of what is deployed. */
const hookSchema = z.looseObject({ DeploymentId: z.string(), LifecycleEventHookExecutionId: z.string() })
type Hook = z.infer<typeof hookSchema>

export type CheckRelease = CheckServices & {
  /** @throws ZodError for an event that is not CodeDeploy's */
  hookOf(event: unknown): Hook
  report(hook: Hook, status: 'Succeeded' | 'Failed'): Promise<void>
  log: Log
}

/** Longer than the verifier may take, its cold start included; and three that hang end before the check itself has to. */
const INVOKE_LIMITS = { ...CALL_LIMITS.worker, requestMs: 12_000, attempts: 2 }

/** @throws Error that says which variable of the environment is wrong. */
export function buildCheckRelease(): CheckRelease {
  const env = parseEnv({
    [ENV.stage]: nameSchema,
    [ENV.connections]: jsonVariable(connectionsSchema),
    [ENV.verifierVersion]: z.string().regex(/:function:[\w-]+:\w+$/, 'must be the ARN of a version'),
  })
  const known = knownSecrets()
  const readSecret = secretsManagerSource(secretsClient(CALL_LIMITS.worker, known))
  const lambda = lambdaClient(INVOKE_LIMITS)
  const codeDeploy = codeDeployClient(CALL_LIMITS.worker)

  async function invoke(event: unknown): Promise<Invoked> {
    try {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: env[ENV.verifierVersion], Payload: JSON.stringify(event) }),
      )
      const payload = parseJson(Payload?.transformToString() ?? '')
      return FunctionError === undefined
        ? { kind: 'answered', payload }
        : { kind: 'failed', reason: `it failed: ${messageIn(payload)}` }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      const kind = name === 'AccessDeniedException' ? 'refused' : 'failed'
      return { kind, reason: `it could not be invoked: ${name}` }
    }
  }

  return {
    connections: env[ENV.connections].map(({ name }) => name),
    signing: async (name) => parseSigningSecret(await readSecret(signingSecretName(env[ENV.stage], name))),
    invoke,
    nonce: randomUUID,
    clock: systemClock,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    hookOf: (event) => hookSchema.parse(event),
    report: async ({ DeploymentId: deploymentId, LifecycleEventHookExecutionId: id }, status) => {
      await codeDeploy.send(
        new PutLifecycleEventHookExecutionStatusCommand({ deploymentId, lifecycleEventHookExecutionId: id, status }),
      )
    },
    log: createLogger('check-release', { secrets: known }),
  }
}

const failureSchema = z.looseObject({ errorType: z.string(), errorMessage: z.string() })

/** What Lambda tells of a function that threw or ended; its log has the rest. */
function messageIn(payload: unknown): string {
  const { success, data } = failureSchema.safeParse(payload)
  return success ? `${data.errorType}: ${data.errorMessage.slice(0, 500)}` : 'without a reason'
}
