import { LambdaClient } from '@aws-sdk/client-lambda'
import { type CallLimits, clientSettings } from './limits.ts'

export const lambdaClient = (limits: CallLimits) => new LambdaClient(clientSettings(limits))
