import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import type { KnownSecrets } from '../known-secrets.ts'
import { type CallLimits, clientSettings } from './limits.ts'

const withText = z.looseObject({ SecretString: z.string() })

/** @param secrets learns each secret that goes through this client, read or written */
export function secretsClient(limits: CallLimits, secrets?: KnownSecrets): SecretsManagerClient {
  const client = new SecretsManagerClient(clientSettings(limits))
  if (secrets === undefined) return client
  const learn = (message: unknown) => {
    const { success, data } = withText.safeParse(message)
    if (success) secrets.learn(data.SecretString)
  }
  // At the client, so that nobody who reads a secret can forget it; before the call, so that its failure may tell nothing.
  client.middlewareStack.add(
    (next) => async (call) => {
      learn(call.input)
      const result = await next(call)
      learn(result.output)
      return result
    },
    { step: 'initialize', name: 'learnSecrets' },
  )
  return client
}
