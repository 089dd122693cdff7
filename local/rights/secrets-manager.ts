import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { PENDING } from '../../core/secrets/versions.ts'
import type { InvokeOutcome } from '../stack/lambda/outcome.ts'
import type { LocalSystem } from '../start/system.ts'
import { until } from '../start/until.ts'
import { TurnFailed } from './turn.ts'

type Step = { ClientRequestToken?: unknown; Step?: unknown }
const LAST_STEP = 'finishSecret'

/** Rotations, each step of which is seen: one that failed is called off at once instead of being tried again for a minute. */
export function createRotations({ gateway, clients: { secrets }, stack }: LocalSystem) {
  const ended = new Map<string, string | null>()

  gateway.onInvoke(async (functionArn, payload) => {
    const running = stack.functions.find(({ arn }) => functionArn === arn || functionArn.startsWith(`${arn}:`))
    if (running === undefined) throw new Error(`No function has the ARN ${functionArn}`)
    const outcome = await running.invoke(payload)
    const step: Step = typeof payload === 'object' && payload !== null ? payload : {}
    const reason = reasonOf(outcome)
    if (reason !== null) ended.set(String(step.ClientRequestToken), reason)
    else if (step.Step === LAST_STEP) ended.set(String(step.ClientRequestToken), null)
    if (reason !== null) throw new Error(reason)
    return outcome.kind === 'returned' ? outcome.payload : null
  })

  /** @throws TurnFailed when a step failed */
  return async function rotate(name: string): Promise<void> {
    // A version that somebody else has stored since the last one leaves its label behind, and Secrets Manager begins none then.
    await detachPending(name)
    const { VersionId = '' } = await secrets.send(new RotateSecretCommand({ SecretId: name }))
    const failure = await until(() => ended.get(VersionId), {
      ...{ what: `the rotation of ${name}`, deadlineMs: 40_000, everyMs: 20 },
    })
    if (failure === null) return
    await callOff(name)
    throw new TurnFailed(`a step of the rotation failed: ${failure}`)
  }

  async function callOff(SecretId: string): Promise<void> {
    await secrets.send(new CancelRotateSecretCommand({ SecretId }))
    await detachPending(SecretId)
  }

  async function detachPending(SecretId: string): Promise<void> {
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }))
    for (const [version, labels] of Object.entries(VersionIdsToStages))
      if (labels.includes(PENDING) && labels.length === 1)
        await secrets.send(
          new UpdateSecretVersionStageCommand({ SecretId, VersionStage: PENDING, RemoveFromVersionId: version }),
        )
  }
}

function reasonOf(outcome: InvokeOutcome): string | null {
  if (outcome.kind === 'returned') return null
  return outcome.kind === 'failed' ? `${outcome.error.errorType}: ${outcome.error.errorMessage}` : 'throttled'
}
