import { SQSClient } from '@aws-sdk/client-sqs'
import { type CallLimits, clientSettings } from './limits.ts'

export const sqsClient = (limits: CallLimits) =>
  // The host in a queue's URL would otherwise win over the endpoint of the environment.
  new SQSClient({ ...clientSettings(limits), useQueueUrlAsEndpoint: false })
