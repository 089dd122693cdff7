import { backfillRuns, readable } from './run-store.ts'
import type { SyncServices } from './services.ts'
import { LOST_MS } from './work.ts'

/**
 * Goes on with a backfill that has lost its message: one worker after the other died of it, or the first of them before it
 * could send the run on. A sweep or a census begins by its schedule; nobody would begin this one again.
 */
export async function revive({ state, connection, clock, log, sendJob }: SyncServices): Promise<void> {
  const stored = await readable(backfillRuns(state, connection.name))
  if (stored === null || stored.endedAt !== null) return
  if (Math.max(stored.heldUntil, stored.updatedAt + LOST_MS) > clock.now()) return
  log.warn('A backfill had lost its message and goes on', { connection: connection.name, run: stored.run })
  await sendJob({ job: 'backfill', connection: connection.name, run: stored.run, reason: 'schedule' })
}
