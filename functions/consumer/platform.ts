import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { eventBridgeClient } from '../../core/platform/aws/events.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { sqsClient } from '../../core/platform/aws/sqs.ts'
import { type Clock, systemClock } from '../../core/platform/clock.ts'
import { createLogger, type Log } from '../../core/platform/log.ts'
import { createMetrics, type Metrics } from '../../core/platform/metrics.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'

/** What the consumer runs on: the world outside, so that a simulation can put another one in its place. */
export type Platform = {
  clock: Clock
  /** A number from 0 to 1, for jitter. */
  random(): number
  sleep(ms: number): Promise<void>
  /** Aborts after so long. */
  timeout(ms: number): AbortSignal
  fetch: Fetch
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  events: EventBridgeClient
  secrets: SecretsManagerClient
  log: Log
  metrics: Metrics
}

const SERVICE = 'consumer'

/** AWS and the network, as the environment says where they are. */
export const systemPlatform = (stage: string): Platform => ({
  clock: systemClock,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
  fetch: (url, init) => fetch(url, init),
  dynamo: dynamoClient(CALL_LIMITS.worker),
  sqs: sqsClient(CALL_LIMITS.worker),
  events: eventBridgeClient(CALL_LIMITS.worker),
  secrets: secretsClient(CALL_LIMITS.worker),
  log: createLogger(SERVICE),
  metrics: createMetrics(SERVICE, stage),
})
