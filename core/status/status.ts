import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { loadPause, type Pause, unreadablePause } from '../pause/pause.ts'
import type { Clock } from '../platform/clock.ts'
import { createSpending, type Spent } from '../standup/model/spend.ts'
import { type ConnectionStatus, readConnection } from './connection.ts'
import { findLastDelivery, type LastDelivery } from './last-delivery.ts'
import { type ClickUpStatus, loadClickUpStatus, loadPulse, type Pulse } from './pulse.ts'
import { depthOf, type QueueDepth } from './queues.ts'

export type Status = {
  /** `jobs` and `guard` are null where nobody knows them. */
  queues: { deliveries: QueueDepth; quarantine: QueueDepth; jobs: QueueDepth | null; guard: QueueDepth | null }
  /** The newest delivery that made a change. */
  lastDelivery: LastDelivery | null
  connections: readonly ConnectionStatus[]
  /** The pause and those before it; null where there never was one. */
  pause: Pause | null
  /** What the pulse saw last, and ClickUp's own status page; null where there is nothing yet. */
  pulse: Pulse | null
  clickup: ClickUpStatus | null
  /**
   * What waits to be told or done, and what models have cost (null where that cannot be read); null where neither summaries nor
   * recipes are deployed.
   */
  standup: { queue: QueueDepth; spent: Spent | null } | null
  /** Changes and items of the state table in a form that is not ours. */
  unreadable: number
}

export type StatusServices = {
  dynamo: DynamoDBDocumentClient
  sqs: SQSClient
  clock: Clock
  tables: { ledger: string; state: string }
  /** URLs. */
  queues: {
    deliveries: string
    quarantine: string
    jobs?: string | undefined
    guard?: string | undefined
    standup?: string | undefined
  }
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
  const [deliveries, quarantine, jobs, guard, last, connections, stored, pulse, clickup, standup] = await Promise.all([
    depthOf(sqs, queues.deliveries),
    depthOf(sqs, queues.quarantine),
    maybe(queues.jobs),
    maybe(queues.guard),
    findLastDelivery({ dynamo, table: tables.ledger }, now),
    Promise.all(services.connections.map((name) => readConnection(state, name, now, secrets))),
    storedPause(state, now),
    loadPulse(state),
    loadClickUpStatus(state),
    queues.standup === undefined ? null : standupOf(services, queues.standup),
  ])
  return {
    queues: { deliveries, quarantine, jobs, guard },
    lastDelivery: last.delivery,
    pulse,
    clickup,
    standup,
    connections,
    pause: stored.pause,
    unreadable:
      connections.reduce((sum, each) => sum + each.unreadable.length, last.unreadable) +
      stored.unreadable +
      (standup !== null && standup.spent === null ? 1 : 0),
  }
}

async function standupOf({ dynamo, tables, sqs, clock }: StatusServices, url: string): Promise<Status['standup']> {
  // Whoever looks reserves nothing, so any caps do.
  const spending = createSpending({ dynamo, table: tables.state, clock }, { dayUsd: 0, monthUsd: 0 })
  const spent = spending.look().catch((error: unknown) => {
    if (error instanceof z.ZodError) return null
    throw error
  })
  return { queue: await depthOf(sqs, url), spent: await spent }
}

/** What cannot be read is told as what the functions take it for. */
async function storedPause(
  state: Parameters<typeof loadPause>[0],
  now: number,
): Promise<{ pause: Pause | null; unreadable: number }> {
  try {
    return { pause: await loadPause(state), unreadable: 0 }
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    return { pause: unreadablePause(now), unreadable: 1 }
  }
}
