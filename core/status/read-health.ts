import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { loadPause, NO_PAUSE, type Pause, unreadablePause } from '../pause/pause.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { cached } from '../secrets/cached.ts'
import { readConnection } from './connection.ts'
import { type Health, healthOf, unreadableHealth } from './health.ts'
import { loadClickUpStatus, loadPulse } from './pulse.ts'

/** So long one answer is given: whoever asks more often is told the same, and costs no read. */
export const HEALTH_LIFE_MS = 10_000

export type HealthServices = {
  state: { dynamo: DynamoDBDocumentClient; table: string }
  /** Names of all that are configured. */
  connections: readonly string[]
  version: string
  clock: Clock
  log: Pick<Log, 'error'>
}

/** Tells how the stage does, from the state table alone: neither ClickUp nor a queue is asked. Never rejects. */
export function createHealth(services: HealthServices): () => Promise<Health> {
  const { clock, version, log } = services
  const kept = cached(() => readHealth(services), {
    ...{ clock, lifeMs: HEALTH_LIFE_MS, staleMs: 0, pauseMs: HEALTH_LIFE_MS, refreshEveryMs: HEALTH_LIFE_MS },
  })
  let failed: unknown = null
  return async () => {
    try {
      return await kept.get('health')
    } catch (error) {
      // Once for each time that it was tried, however many ask.
      if (error !== failed) log.error('The state could not be read for the health of the stage', { error })
      failed = error
      return unreadableHealth(version, clock.now())
    }
  }
}

async function readHealth({ state, connections, version, clock }: HealthServices): Promise<Health> {
  const now = clock.now()
  const [pause, pulse, clickup, ...read] = await Promise.all([
    readPause(state, now),
    loadPulse(state),
    loadClickUpStatus(state),
    ...connections.map((name) => readConnection(state, name, now)),
  ])
  return healthOf({ connections: read, pause, pulse, clickup }, version, now)
}

/** As the functions take it that do nothing while it cannot be read. */
async function readPause(state: HealthServices['state'], now: number): Promise<Pause> {
  try {
    return (await loadPause(state)) ?? NO_PAUSE
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    return unreadablePause(now)
  }
}
