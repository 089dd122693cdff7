import { ListSecretVersionIdsCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { WebhooksState } from '../guard/state.ts'
import { signingSecretName, tokenSecretName } from '../platform/names.ts'
import { loadReport, type RotationReport } from '../rotation/report.ts'
import { versionedSecrets } from '../secrets/store.ts'
import { broughtAt, parseTokenSecret } from '../secrets/token.ts'
import { CURRENT } from '../secrets/versions.ts'

/** What there is to be told of the rotations of a connection; times are ms since 1970. */
export type Rotations = {
  /** How the latest of each went or goes; null before the first. */
  signing: RotationReport | null
  token: RotationReport | null
  /** When the token in use was brought; null where there is none, and where the secret cannot be read from here. */
  tokenSince: number | null
  /** When what the signing secret holds was last changed; null where that cannot be told from here. */
  signingChangedAt: number | null
  /** Until when a replaced webhook goes on beside the new one; null where none does. */
  overlapUntil: number | null
}

/** Where the secrets are; who looks need not have the right to read them. */
export type SecretsPlace = { client: SecretsManagerClient; stage: string }

export async function readRotations(
  state: { dynamo: DynamoDBDocumentClient; table: string },
  connection: string,
  secrets: SecretsPlace | null,
): Promise<Omit<Rotations, 'overlapUntil'>> {
  // A secret that cannot be read is no reason to tell nothing of all the rest.
  const maybe = (read: (place: SecretsPlace) => Promise<number | null>) =>
    secrets === null ? null : read(secrets).catch(() => null)
  const [signing, token, tokenSince, signingChangedAt] = await Promise.all([
    loadReport(state, connection, 'signing'),
    loadReport(state, connection, 'token'),
    maybe(async ({ client, stage }) => {
      const { text, createdAt } = await versionedSecrets(client)(tokenSecretName(stage, connection))
      const secret = parseTokenSecret(text)
      return secret.token === null ? null : broughtAt(secret, createdAt)
    }),
    maybe(({ client, stage }) => changedAt(client, signingSecretName(stage, connection))),
  ])
  return { signing, token, tokenSince, signingChangedAt }
}

/** When the version in force was made: its date is told without its content. */
async function changedAt(client: SecretsManagerClient, name: string): Promise<number | null> {
  // Labelled versions only, which are a handful: never more than one page.
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name }))
  const current = Versions.find(({ VersionStages = [] }) => VersionStages.includes(CURRENT))
  return current?.CreatedDate?.getTime() ?? null
}

/** Until when the webhook that was replaced goes on; null where it is over, or none was. */
export const overlapUntilOf = (webhooks: WebhooksState | null, now: number): number | null => {
  const { rotation = null } = webhooks ?? {}
  return rotation?.phase === 'over' && rotation.way === 'beside' && rotation.until > now ? rotation.until : null
}
