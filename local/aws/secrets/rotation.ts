import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import { AwsError } from '../json-protocol.ts'
import type { Secret } from './store.ts'
import { attach, CURRENT, holderOf, PENDING } from './versions.ts'

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

export type Invoke = (functionArn: string, payload: unknown) => Promise<unknown>

/**
 * Rotation by a Lambda function, as RotateSecret starts it: an empty version with AWSPENDING, then the four steps.
 * A step that fails ends it and leaves AWSPENDING where it is. The service tries again later by itself; this one does not,
 * so that what a failed rotation leaves can be looked at.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function createRotation(clock: Clock, invoke: Invoke) {
  async function run(secret: Secret, lambdaArn: string, token: string, steps: readonly string[]): Promise<void> {
    const rotationToken = randomUUID()
    for (const step of steps) {
      await invoke(lambdaArn, {
        Step: step,
        SecretId: secret.arn,
        ClientRequestToken: token,
        RotationToken: rotationToken,
      })
    }
  }

  async function rotate(secret: Secret, lambdaArn: string, token: string): Promise<void> {
    await run(secret, lambdaArn, token, STEPS)
    if (secret.versions.get(token)?.stages.has(CURRENT) === true) secret.rotation.lastAt = clock.now()
  }

  /** `RotateImmediately: false` only tries the test step, on an AWSPENDING version that goes again. */
  async function tryConfiguration(secret: Secret, lambdaArn: string, token: string): Promise<void> {
    try {
      await run(secret, lambdaArn, token, ['testSecret'])
    } finally {
      const version = secret.versions.get(token)
      version?.stages.delete(PENDING)
      if (version?.value === null) secret.versions.delete(token)
    }
  }

  return {
    /**
     * Starts in the background; the same token again does nothing.
     * @throws AwsError InvalidRequestException while AWSPENDING is on another version than AWSCURRENT, which the service
     *   takes for a rotation that is not complete, or when the secret has no function
     */
    start(secret: Secret, lambdaArn: string | null, token: string, { immediately }: { immediately: boolean }): void {
      if (secret.versions.has(token)) return
      if (lambdaArn === null) {
        const message = 'No Lambda rotation function ARN is associated with this secret.'
        throw new AwsError('InvalidRequestException', message)
      }
      const pending = holderOf(secret, PENDING)
      if (pending !== undefined && pending !== holderOf(secret, CURRENT)) {
        const message = "A previous rotation isn't complete. That rotation will be reattempted."
        throw new AwsError('InvalidRequestException', message)
      }
      const version = { id: token, createdAt: clock.now(), value: null, stages: new Set<string>() }
      secret.versions.set(token, version)
      attach(secret, version, PENDING)
      const work = immediately ? rotate : tryConfiguration
      // A failure shows as the service shows it: in the labels, and in the function's own log.
      work(secret, lambdaArn, token).catch(() => undefined)
    },
  }
}
