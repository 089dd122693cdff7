import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { type CallLimits, clientSettings } from './limits.ts'

export const eventBridgeClient = (limits: CallLimits) => new EventBridgeClient(clientSettings(limits))
