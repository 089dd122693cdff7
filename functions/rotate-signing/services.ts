import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createSigningRotation } from '../../core/rotation/signing.ts'
import type { WorkerPlatform } from '../shared/platform.ts'
import { buildRotating } from '../shared/rotation.ts'
import type { Rotator } from '../shared/rotation-step.ts'

/** Wires the rotation of signing secrets from its environment. @throws Error that says which variable is wrong. */
export function buildRotateSigning(
  source: Record<string, string | undefined> = process.env,
  given?: WorkerPlatform,
): Rotator {
  const rotating = buildRotating('signing', source, given)
  return {
    ...rotating,
    async rotationOf(connection, versions, deadline) {
      // Not from a cache: what was disconnected a moment ago must not be made again.
      const record = await loadConnection(rotating.state, connection)
      const services = { versions, report: rotating.reporterOf(connection) }
      if (record === null || record.mode === 'poll') return createSigningRotation({ ...services, replace: null })
      const { workspaceId, userId } = record
      const clickup = rotating.clickupOf(connection, { deadline, fresh: true })
      const replacing = { clickup, workspaceId, userId, formerUserId: userId, deadline }
      return createSigningRotation({ ...services, replace: rotating.replaceOf(connection, replacing) })
    },
  }
}
