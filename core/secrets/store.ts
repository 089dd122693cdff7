import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** A secret's text, and the version that it is of: its id, when it was made, ms since 1970, and its staging labels. */
export type VersionedSecret = { text: string; version: string; createdAt: number | null; labels: readonly string[] }

/** The current value of a named secret, or the one before it. Rejects when it cannot be read. */
export const versionedSecrets =
  (client: SecretsManagerClient, stage: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT') =>
  async (name: string): Promise<VersionedSecret> => {
    const {
      SecretString,
      VersionId,
      CreatedDate,
      VersionStages: labels = [],
    } = await client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: stage }))
    if (SecretString === undefined) throw new Error(`The secret ${name} holds no text.`)
    return { text: SecretString, version: VersionId ?? 'unknown', createdAt: CreatedDate?.getTime() ?? null, labels }
  }

/** The current text of a named secret. Rejects when it cannot be read. */
export type SecretSource = (name: string) => Promise<string>

export const secretsManagerSource = (client: SecretsManagerClient): SecretSource => {
  const read = versionedSecrets(client)
  return async (name) => (await read(name)).text
}
