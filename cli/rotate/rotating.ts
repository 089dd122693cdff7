import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager'
import { loadWebhooks, type WebhookRotation } from '../../core/guard/state.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { loadReport, type Rotated, type RotationReport } from '../../core/rotation/report.ts'
import { createVersions, type Versions } from '../../core/secrets/versions.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Target } from '../target.ts'

/** A secret of a connection that is rotated, as its operator sees it. */
export type Rotating = {
  io: Io
  secrets: Target['secrets']
  connection: string
  stage: string
  rotated: Rotated
  /** The secret's name. */
  name: string
  versions: Versions
  /** Whether times are told in UTC. */
  utc: boolean
  /** What its function has written of the latest rotation. */
  report(): Promise<RotationReport | null>
  /** The webhook that is being replaced, or was last. */
  replacing(): Promise<WebhookRotation | null>
}

/** @throws Failure where nothing rotates it: the stage is of an earlier version */
export async function rotatingOf(
  io: Io,
  target: Target,
  { connection, rotated, utc }: Pick<Rotating, 'connection' | 'rotated' | 'utc'>,
): Promise<Rotating> {
  const { stage } = await target.home()
  const name = (rotated === 'signing' ? signingSecretName : tokenSecretName)(stage, connection)
  const versions = createVersions(target.secrets, name)
  const described = await versions.describe().catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error
    throw new Failure(`There is no secret ${name} (${target.label}): run npm run deploy, then this again.`)
  })
  if (!described.rotates) {
    throw new Failure(
      `No function rotates the secret ${name} (${target.label}): the stage is of an earlier version, or its deploy has not ended. Run npm run deploy, then this again.`,
    )
  }
  const state = { dynamo: target.dynamo, table: target.tables.state }
  const report = () => loadReport(state, connection, rotated)
  // What cannot be read is written anew by whoever goes on with the webhooks.
  const replacing = async () => (await loadWebhooks(state, connection).catch(() => null))?.rotation ?? null
  return { io, secrets: target.secrets, connection, stage, rotated, name, versions, utc, report, replacing }
}

/** What the operator calls it. */
export const CALLED: Readonly<Record<Rotated, string>> = { signing: 'signing secret', token: 'token' }
