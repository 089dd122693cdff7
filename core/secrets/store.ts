import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** The current text of a named secret. Rejects when it cannot be read. */
export type SecretSource = (name: string) => Promise<string>

export const secretsManagerSource =
  (client: SecretsManagerClient): SecretSource =>
  async (name) => {
    const { SecretString } = await client.send(
      new GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSCURRENT' }),
    )
    if (SecretString === undefined) throw new Error(`The secret ${name} holds no text.`)
    return SecretString
  }
