import { createTokenRotation } from '../../core/rotation/token.ts'
import type { WorkerPlatform } from '../shared/platform.ts'
import { buildRotating } from '../shared/rotation.ts'
import type { Rotator } from '../shared/rotation-step.ts'

/** Wires the rotation of tokens from its environment. @throws Error that says which variable is wrong. */
export function buildRotateToken(
  source: Record<string, string | undefined> = process.env,
  given?: WorkerPlatform,
): Rotator {
  const rotating = buildRotating('token', source, given)
  const { state, clock, log } = rotating
  return {
    ...rotating,
    rotationOf: async (connection, versions, deadline) =>
      createTokenRotation({
        ...{ connection, versions, state, clock, log },
        clickupOf: (credential) => rotating.clickupOf(connection, { deadline, credential }),
        signing: rotating.signingOf(connection),
        replace: (clickup, whose) => rotating.replaceOf(connection, { ...whose, clickup, deadline }),
        report: rotating.reporterOf(connection),
        patience: rotating.patienceUntil(deadline),
      }),
  }
}
