import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../platform/clock.ts'
import { type ConnectionStatus, readConnection } from './connection.ts'
import { findLastDelivery, type LastDelivery } from './last-delivery.ts'
import { depthOf, type QueueDepth } from './queues.ts'

export type Status = {
  /** `jobs` and `guard` are null where nobody knows them. */
  queues: { deliveries: QueueDepth; quarantine: QueueDepth; jobs: QueueDepth | null; guard: QueueDepth | null }
  /** The newest delivery that made a change. */
  lastDelivery: LastDelivery | null
  connections: readonly ConnectionStatus[]
  /** Changes and items of the state table in a form that is not ours. */
  unreadable: number
}

export type StatusServices = {
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  clock: Clock
  tables: { ledger: string; state: string }
  /** URLs. */
  queues: { deliveries: string; quarantine: string; jobs?: string | undefined; guard?: string | undefined }
  connections: readonly string[]
  /** Both, to tell how old token and signing secret are; without them that is null. */
  secrets?: SecretsManagerClient | undefined
  stage?: string | undefined
}

/** What is stored of how the pipeline does. */
export async function readStatus(services: StatusServices): Promise<Status> {
  const { dynamo, sqs, tables, queues, secrets: client, stage } = services
  const now = services.clock.now()
  const state = { dynamo, table: tables.state }
  const secrets = client === undefined || stage === undefined ? null : { client, stage }
  const maybe = async (url: string | undefined) => (url === undefined ? null : depthOf(sqs, url))
  const [deliveries, quarantine, jobs, guard, last, connections] = await Promise.all([
    depthOf(sqs, queues.deliveries),
    depthOf(sqs, queues.quarantine),
    maybe(queues.jobs),
    maybe(queues.guard),
    findLastDelivery({ dynamo, table: tables.ledger }, now),
    Promise.all(services.connections.map((name) => readConnection(state, name, now, secrets))),
  ])
  return {
    queues: { deliveries, quarantine, jobs, guard },
    lastDelivery: last.delivery,
    connections,
    unreadable: connections.reduce((sum, each) => sum + each.unreadable.length, last.unreadable),
  }
}
