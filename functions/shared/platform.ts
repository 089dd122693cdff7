import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { sqsClient } from '../../core/platform/aws/sqs.ts'
import { type Clock, systemClock } from '../../core/platform/clock.ts'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { createLogger, type Log } from '../../core/platform/log.ts'
import { createMetrics, type Metrics } from '../../core/platform/metrics.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'

/** What a function that works from a queue runs on: the world outside, so that a simulation can put another one in its place. */
export type WorkerPlatform = {
  clock: Clock
  /** A number from 0 to 1, for jitter. */
  random(): number
  sleep(ms: number): Promise<void>
  /** Aborts after so long. */
  timeout(ms: number): AbortSignal
  fetch: Fetch
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  secrets: SecretsManagerClient
  log: Log
  metrics: Metrics
}

/** AWS and the network, as the environment says where they are; log lines and metrics carry the service's name. */
export function workerPlatform(service: string, stage: string): WorkerPlatform {
  const known = knownSecrets()
  return {
    clock: systemClock,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    timeout: (ms) => AbortSignal.timeout(ms),
    fetch: (url, init) => fetch(url, init),
    dynamo: dynamoClient(CALL_LIMITS.worker),
    sqs: sqsClient(CALL_LIMITS.worker),
    secrets: secretsClient(CALL_LIMITS.worker, known),
    log: createLogger(service, { secrets: known }),
    metrics: createMetrics(stage),
  }
}
