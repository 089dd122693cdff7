import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { loadPause, NO_PAUSE, type Pause, unreadablePause } from '../pause/pause.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Calendar } from '../report/working-time.ts'
import { isIncident } from '../status/clickup-page.ts'
import { type ConnectionStatus, readConnection } from '../status/connection.ts'
import { loadClickUpStatus, type Seen, saveClickUpStatus, savePulse } from '../status/pulse.ts'
import type { Fetch } from '../upstream/exchange.ts'
import { readStatusPage } from './status-page.ts'
import { worstOf } from './worst.ts'

export type PulseServices = {
  state: { dynamo: DynamoDBDocumentClient; table: string }
  /** Names of all that are configured. */
  connections: readonly string[]
  calendar: Calendar
  /** ClickUp's status page; null where it is not asked for. */
  statusUrl: string | null
  fetch: Fetch
  timeout(ms: number): AbortSignal
  clock: Clock
  log: Log
  metrics: Metrics
}

/**
 * Says how the stage does, in metrics and in the state table, also when nothing happens at all: an alarm on what somebody
 * only counts when he works is silent when nobody does.
 */
export async function takePulse(services: PulseServices): Promise<Seen> {
  const { state, clock, log, metrics, calendar } = services
  const now = clock.now()
  const [pause, clickupIncident, connections] = await Promise.all([
    readPause(services),
    lookAtClickUp(services),
    Promise.all(services.connections.map((name) => readConnection(state, name, now))),
  ])
  const paused = pause.since !== null
  const seen: Seen = { ...worstOf(connections, { now, pause, calendar }), clickupIncident, paused }
  emit(seen, metrics)
  emitLasting(
    connections.filter(({ record }) => record !== null),
    paused,
    metrics,
  )
  for (const { name, unreadable } of connections)
    if (unreadable.length > 0)
      log.warn('Items are in a form that is not ours', { connection: name, things: unreadable })
  await savePulse(state, { at: now, seen })
  log.info('pulse', seen)
  return seen
}

async function readPause({ state, clock, log }: PulseServices): Promise<Pause> {
  try {
    return (await loadPause(state)) ?? NO_PAUSE
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    log.error('What is stored of the pause is in a form that is not ours: resume writes it anew')
    return unreadablePause(clock.now())
  }
}

function emit(seen: Seen, metrics: Metrics): void {
  if (seen.watermarkAgeMs !== null) metrics.milliseconds('WatermarkAgeMs', seen.watermarkAgeMs)
  if (seen.quietMs !== null) metrics.milliseconds('QuietMs', seen.quietMs)
  metrics.count('WebhooksBroken', seen.webhooksBroken)
  metrics.count('WebhookFailCount', seen.webhookFailCount)
  metrics.count('Paused', Number(seen.paused))
  // A page that cannot be read tells of no incident.
  metrics.count('ClickUpIncident', Number(seen.clickupIncident ?? false))
}

/** What is counted by whoever meets with it: an alarm would end while it lasts, only because nobody works. */
function emitLasting(connected: readonly ConnectionStatus[], paused: boolean, metrics: Metrics): void {
  // None, so that there is something to see while no sweep ends; where none is due nothing is said.
  if (!paused && connected.length > 0) metrics.count('SweepsCompleted', 0)
  const refused = connected.filter(({ upstream }) => upstream?.token.state === 'refused').length
  if (refused > 0) metrics.count('TokenDead', refused)
  const halted = connected.filter(({ census }) => census?.phase === 'halted').length
  if (halted > 0) metrics.count('CensusHalted', halted)
}

/** Whether ClickUp's own page tells of an incident; null where that is not to be known. What it said last stays beside a failure. */
async function lookAtClickUp(services: PulseServices): Promise<boolean | null> {
  const { statusUrl, state, clock, log } = services
  if (statusUrl === null) return null
  const read = await readStatusPage(statusUrl, services)
  const triedAt = clock.now()
  if (read.kind === 'read') {
    const { page } = read
    await saveClickUpStatus(state, { triedAt, failure: null, page })
    if (isIncident(page)) log.warn('ClickUp tells of an incident', { state: page.state, incidents: page.incidents })
    return isIncident(page)
  }
  log.warn('ClickUp’s status page could not be read', { reason: read.reason })
  const before = await loadClickUpStatus(state)
  await saveClickUpStatus(state, { triedAt, failure: read.reason, page: before?.page ?? null })
  return null
}
