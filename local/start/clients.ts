import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documents } from '../../core/platform/aws/dynamodb.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string }

export type AwsClients = {
  sqs: SQSClient
  dynamo: DynamoDBDocumentClient
  secrets: SecretsManagerClient
  events: EventBridgeClient
  /** Lets go of the kept-alive connections. */
  destroy(): void
}

/**
 * Clients of whoever stands beside the stack: an operator, or a subscriber of the bus. The functions have their own,
 * which take everything from their environment.
 */
export function awsClients(given: { endpoint: string; region: string; credentials: Credentials }): AwsClients {
  // The SDK writes into the credentials that it is given.
  const where = { ...given, credentials: { ...given.credentials } }
  const sqs = new SQSClient({ ...where, useQueueUrlAsEndpoint: false })
  const dynamo = documents(new DynamoDBClient(where))
  const secrets = new SecretsManagerClient(where)
  const events = new EventBridgeClient(where)
  return {
    sqs,
    dynamo,
    secrets,
    events,
    destroy() {
      for (const client of [sqs, dynamo, secrets, events]) client.destroy()
    },
  }
}
