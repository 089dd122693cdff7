import { isDeepStrictEqual } from 'node:util'
import { InvalidRequestException, RotateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { createSigningStore } from '../../core/guard/signing-store.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { loadReport } from '../../core/rotation/report.ts'
import { parseSigningSecret, type SigningSecret } from '../../core/secrets/signing.ts'
import { createVersions } from '../../core/secrets/versions.ts'
import { createGapStore, type Gap } from '../../core/sync/gaps.ts'
import type { LocalSystem } from '../start/system.ts'
import { until } from '../start/until.ts'

/** A rotation waits in its function for as long as it has to. */
const DEADLINE_MS = 120_000
const EVERY_MS = 50

/** How a rotation has ended. */
export type Ended = {
  run: string
  phase: 'done' | 'failed'
  /** One sentence, as it stands in the report. */
  detail: string
  /** Whether the webhook that its version calls active is the active one in what is in force. */
  isPromoted: boolean
}

export type Operator = ReturnType<typeof createOperator>

/** What somebody can do and see who has the rights of an operator, as far as signing secrets are concerned. */
export function createOperator({ clients, details, configured }: LocalSystem) {
  const connection = configured.connection.name
  const name = signingSecretName(details.stage, connection)
  const state = { dynamo: clients.dynamo, table: details.tables.state }
  const versions = createVersions(clients.secrets, name)
  const store = createSigningStore(clients.secrets, name, (ms) => new Promise((resolve) => setTimeout(resolve, ms)))

  const begin = () =>
    clients.secrets.send(new RotateSecretCommand({ SecretId: name })).then(
      ({ VersionId = '' }) => VersionId,
      (error: unknown) => {
        if (error instanceof InvalidRequestException) return error
        throw error
      },
    )

  /** By what the version holds, not by its label: the guard may have written a later one since. */
  async function isInForce(run: string): Promise<boolean> {
    const version = await versions.read(run)
    const promised = version && activeOf(parseSigningSecret(version.text))
    return promised != null && isDeepStrictEqual(promised, activeOf(await store.read()))
  }

  return {
    secretName: name,
    /** Asks Secrets Manager for a rotation, and waits until its report says that it has ended. @throws GaveUp */
    async rotate(): Promise<Ended> {
      const run = await begin()
      if (run instanceof InvalidRequestException)
        return { run: '', phase: 'failed', detail: `Secrets Manager refused it: ${run.message}`, isPromoted: false }
      const report = await until(
        async () => {
          const found = await loadReport(state, connection, 'signing')
          return found?.run === run && found.phase !== 'running' ? { ...found, phase: found.phase } : undefined
        },
        { what: 'the rotation to end', deadlineMs: DEADLINE_MS, everyMs: EVERY_MS },
      )
      return { run, phase: report.phase, detail: report.detail, isPromoted: await isInForce(run) }
    },
    signing: (): Promise<SigningSecret> => store.read(),
    /** Takes a slot out, without asking anybody. */
    async forget(slot: 'a' | 'b'): Promise<void> {
      await store.put(slot, null)
    },
    /** Labels by version id. */
    labels: async () => (await versions.describe()).labels,
    gaps: (): Promise<Gap[]> => createGapStore(state).list(connection),
  }
}

const activeOf = ({ slots }: SigningSecret) => [slots.a, slots.b].find((entry) => entry?.state === 'active')
