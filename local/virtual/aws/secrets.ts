import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { type Caller, inProcess, type Latency, type Operation, REGION } from './in-process.ts'

const LATENCY: Latency = [5, 20]

const getSchema = z.strictObject({ SecretId: z.string(), VersionStage: z.literal('AWSCURRENT').optional() })

/** Secrets in memory, each with its current version only. */
export function createMemorySecrets() {
  const secrets = new Map<string, { SecretString: string; VersionId: string }>()
  let versions = 0
  const GetSecretValue: Operation = (input) => {
    const { SecretId } = getSchema.parse(input)
    const secret = secrets.get(SecretId)
    if (secret !== undefined) return { Name: SecretId, ...secret }
    throw new ResourceNotFoundException({ message: "Secrets Manager can't find the specified secret.", $metadata: {} })
  }
  const operations = new Map([['GetSecretValue', GetSecretValue]])
  return {
    client: (caller: Caller) => inProcess(new SecretsManagerClient({ region: REGION }), caller, LATENCY, operations),
    /** Makes the text the secret's current version. */
    put(name: string, content: object): void {
      versions += 1
      secrets.set(name, { SecretString: JSON.stringify(content), VersionId: `version-${versions}` })
    },
  }
}
