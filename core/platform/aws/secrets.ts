import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type CallLimits, clientSettings } from './limits.ts'

export const secretsClient = (limits: CallLimits) => new SecretsManagerClient(clientSettings(limits))
