import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** A secret's text, and the id of the version that it is of. */
export type VersionedSecret = { text: string; version: string }

/** The current value of a named secret. Rejects when it cannot be read. */
export const versionedSecrets =
  (client: SecretsManagerClient) =>
  async (name: string): Promise<VersionedSecret> => {
    const { SecretString, VersionId } = await client.send(
      new GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSCURRENT' }),
    )
    if (SecretString === undefined) throw new Error(`The secret ${name} holds no text.`)
    return { text: SecretString, version: VersionId ?? 'unknown' }
  }

/** The current text of a named secret. Rejects when it cannot be read. */
export type SecretSource = (name: string) => Promise<string>

export const secretsManagerSource = (client: SecretsManagerClient): SecretSource => {
  const read = versionedSecrets(client)
  return async (name) => (await read(name)).text
}
