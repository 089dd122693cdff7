import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import { AwsError } from '../json-protocol.ts'
import type { RotationRules, Secret } from './store.ts'
import { attach, CURRENT, holderOf, PENDING } from './versions.ts'

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

export type Invoke = (functionArn: string, payload: unknown) => Promise<unknown>

/** Waits before a rotation that failed is tried again, from its first step: shorter than the service's, which tells none. */
const RETRY_AFTER_MS = [5_000, 20_000, 60_000]

/** What a request for a rotation says; what it leaves out stays as it was. */
type Asked = { lambdaArn?: string | undefined; rules?: RotationRules | undefined; immediately: boolean }

/**
 * Rotation by a Lambda function, as RotateSecret starts it: an empty version with AWSPENDING, then the four steps.
 * One that failed is tried again from its first step, with the same version, as long as AWSPENDING is on it; the last failure
 * leaves AWSPENDING where it is.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function createRotation(
  clock: Clock,
  invoke: Invoke,
  retryAfterMs: readonly number[] = RETRY_AFTER_MS,
  // A retry keeps no process alive that has nothing else to do.
  sleep: (ms: number) => Promise<unknown> = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
) {
  let closed = false

  async function step(secret: Secret, lambdaArn: string, token: string, name: string, source: string): Promise<void> {
    await invoke(lambdaArn, { Step: name, SecretId: secret.arn, ClientRequestToken: token, RotationToken: source })
  }

  /** Whether it was neither cancelled nor given up by its function. */
  const goesOn = (secret: Secret, token: string) => !closed && secret.rotation.running === token

  async function rotateOnce(secret: Secret, lambdaArn: string, token: string): Promise<void> {
    const source = randomUUID()
    for (const name of STEPS) if (goesOn(secret, token)) await step(secret, lambdaArn, token, name, source)
  }

  async function rotate(secret: Secret, lambdaArn: string, token: string): Promise<void> {
    for (const wait of [0, ...retryAfterMs]) {
      if (wait > 0) await sleep(wait)
      if (!goesOn(secret, token)) return
      try {
        await rotateOnce(secret, lambdaArn, token)
        if (goesOn(secret, token)) secret.rotation.lastAt = secret.rotation.countsFrom = clock.now()
        break
      } catch {
        // A failure shows as the service shows it: in the labels, and in the function's own log.
        if (holderOf(secret, PENDING)?.id !== token) break
      }
    }
    if (secret.rotation.running === token) secret.rotation.running = null
  }

  /**
   * `RotateImmediately: false` only tries the test step, on an AWSPENDING version that goes again. It holds what is in force:
   * https://github.com/getmoto/moto/pull/8547
   */
  async function tryConfiguration(secret: Secret, lambdaArn: string, token: string): Promise<void> {
    const tried = secret.versions.get(token)
    if (tried !== undefined) tried.value = holderOf(secret, CURRENT)?.value ?? null
    try {
      await step(secret, lambdaArn, token, 'testSecret', randomUUID())
    } catch {
      // As above.
    } finally {
      const version = secret.versions.get(token)
      version?.stages.delete(PENDING)
      if (version?.stages.size === 0) secret.versions.delete(token)
      if (secret.rotation.running === token) secret.rotation.running = null
    }
  }

  return {
    /**
     * Switches rotation on and starts one in the background; the same token again does nothing.
     * @throws AwsError InvalidRequestException while AWSPENDING is on another version than AWSCURRENT, which the service
     *   takes for a rotation that is not complete, or when the secret has no function
     */
    start(secret: Secret, token: string, asked: Asked): void {
      if (secret.versions.has(token)) return
      const lambdaArn = asked.lambdaArn ?? secret.rotation.lambdaArn
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
      const schedule = asked.rules === undefined ? {} : { rules: asked.rules, countsFrom: clock.now() }
      secret.rotation = { ...secret.rotation, ...schedule, lambdaArn, enabled: true, running: token }
      void (asked.immediately ? rotate : tryConfiguration)(secret, lambdaArn, token)
    },
    /**
     * Turns rotation off; of one that is under way no further step is taken, and its labels stay as they are.
     * @returns the version that it was making
     * @throws AwsError InvalidRequestException when the secret has no function
     */
    cancel(secret: Secret): string | null {
      const { rotation } = secret
      if (rotation.lambdaArn === null) {
        const message = "You can't cancel the rotation of a secret that was never configured for rotation."
        throw new AwsError('InvalidRequestException', message)
      }
      const { running } = rotation
      secret.rotation = { ...rotation, enabled: false, running: null }
      return running
    },
    /** Ends retries; a step that is being taken is left to itself. */
    close(): void {
      closed = true
    },
  }
}
