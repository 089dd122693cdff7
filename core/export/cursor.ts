import { backfillRuns, readable, sweepRuns } from '../sync/run-store.ts'
import type { ExportName, ExportServices } from './kind.ts'

/**
 * A change is stored some moments after it is published, and the index follows some moments later: no function works for
 * longer than 15 minutes, and clocks differ a little. What is read twice for that has the same id.
 */
const OVERLAP_MS = 20 * 60_000
/** ClickUp's clock and ours. */
const CLOCKS_MS = 60_000

/** A connection's part: how far all that was observed has been stored, and whether its history was read lately. */
type Progress = { watermark: number; historyReadUntil: number }

/**
 * Where the next increment has to begin, so that nothing is left out; null when it has to be whole. Changes go by when they
 * were published. What is observed may wait in the queue before it is stored, for days in an outage: everything before the
 * watermark has been worked off, so the next increment begins there. While a history is read, it begins before that.
 */
export async function nextCursor(
  name: ExportName,
  services: ExportServices,
  { connections, until }: { connections: readonly string[]; until: number },
): Promise<number | null> {
  const byPublication = until - OVERLAP_MS
  if (name === 'changes') return byPublication
  const all = await Promise.all(connections.map((connection) => progressOf(services, connection)))
  const safe = Math.min(byPublication, ...all.map(({ watermark }) => watermark - CLOCKS_MS))
  return safe > 0 ? safe : null
}

/**
 * Whether an increment from `since` would leave something out: time entries of a history carry the time at which they were
 * made, which may be long before they were read.
 */
export async function mustBeWhole(
  name: ExportName,
  services: ExportServices,
  { connections, since }: { connections: readonly string[]; since: number },
): Promise<boolean> {
  if (name !== 'time-entries') return false
  const all = await Promise.all(connections.map((connection) => progressOf(services, connection)))
  return all.some(({ historyReadUntil }) => historyReadUntil >= since)
}

async function progressOf({ dynamo, tables }: ExportServices, connection: string): Promise<Progress> {
  const state = { dynamo, table: tables.state }
  const [sweep, backfill] = await Promise.all([
    readable(sweepRuns(state, connection)),
    readable(backfillRuns(state, connection)),
  ])
  const isReading = backfill !== null && backfill.endedAt === null
  return {
    watermark: Math.min(sweep?.watermark ?? 0, isReading ? backfill.startedAt : Number.POSITIVE_INFINITY),
    historyReadUntil: backfill === null ? 0 : (backfill.endedAt ?? Number.POSITIVE_INFINITY),
  }
}
