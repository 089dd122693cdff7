import { CodeDeployClient } from '@aws-sdk/client-codedeploy'
import { type CallLimits, clientSettings } from './limits.ts'

export const codeDeployClient = (limits: CallLimits) => new CodeDeployClient(clientSettings(limits))
