import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { documents } from '../core/platform/aws/dynamodb.ts'
import { CALL_LIMITS, clientSettings } from '../core/platform/aws/limits.ts'

/** Where AWS is and who asks. What is left out comes from the environment and the shared files, by the SDK's own rules. */
export type Place = {
  profile?: string
  region?: string
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

export type Endpoints = { dynamodb?: string; sqs?: string; secretsmanager?: string; logs?: string }

/** The clients of one place; an endpoint is the local stack's. */
export function openClients(place: Place, endpoints: Endpoints = {}) {
  const settings = { ...clientSettings(CALL_LIMITS.worker), ...place }
  const { dynamodb, sqs, secretsmanager } = endpoints
  const dynamoClient = new DynamoDBClient({ ...settings, ...(dynamodb && { endpoint: dynamodb }) })
  const dynamo = documents(dynamoClient)
  const sqsClient = new SQSClient({
    ...settings,
    ...(sqs && { endpoint: sqs }),
    // The host in a queue's URL would otherwise win over the endpoint.
    useQueueUrlAsEndpoint: false,
  })
  const secretsClient = new SecretsManagerClient({ ...settings, ...(secretsmanager && { endpoint: secretsmanager }) })
  return {
    dynamo,
    sqs: sqsClient,
    secrets: secretsClient,
    region: () => dynamoClient.config.region(),
    /** Lets go of kept connections, which would hold the process for a while. */
    close() {
      dynamoClient.destroy()
      sqsClient.destroy()
      secretsClient.destroy()
    },
  }
}
