import { arrivalOf } from '../../core/sync/arrival.ts'
import { backfill } from '../../core/sync/backfill.ts'
import { census } from '../../core/sync/census.ts'
import { type Job, parseJob } from '../../core/sync/job.ts'
import type { SyncServices } from '../../core/sync/services.ts'
import { sweep } from '../../core/sync/sweep.ts'
import { jobRecordsOf, putOffJob } from '../shared/job-records.ts'
import type { Sync } from './services.ts'

/** The longest call to ClickUp and what follows it have to end before the time-out; then the next step is another invocation's. */
const MARGIN_MS = 20_000
/** A short time-out leaves half of itself for work. */
const MARGIN_SHARE = 1 / 2

const JOBS: Readonly<Record<Job['job'], ((message: Job, services: SyncServices) => Promise<void>) | null>> = {
  backfill,
  sweep,
  census,
  guard: null,
}

/**
 * Works the jobs of a batch off, one after the other, and says which messages stay.
 *
 * @param remainingMs after so long the function is cut off
 */
export async function run(event: unknown, sync: Sync, remainingMs: number) {
  const { clock, log } = sync
  const paused = (await sync.pause.look()).since !== null
  const now = clock.now()
  const margin = Math.min(MARGIN_MS, remainingMs * MARGIN_SHARE)
  const times = { stepUntil: now + remainingMs - margin, endsAt: now + remainingMs }
  const failed: string[] = []
  for (const { messageId, body, sentAt } of jobRecordsOf(event)) {
    const job = parseJob(body)
    const act = job === null ? null : JOBS[job.job]
    if (job === null || act === null) {
      // It would be none the next time either.
      log.error('A message on the jobs queue is no job and was dropped')
      continue
    }
    const arrival = arrivalOf(job, { sentAt, now: clock.now(), paused })
    if (arrival === 'drop') continue
    if (arrival === 'later') {
      if (!(await putOffJob(job, sync))) failed.push(messageId)
      continue
    }
    for (const connection of namesOf(job, sync)) {
      try {
        if (job.connection === '*') await sync.sendJob({ ...job, connection })
        else await act(job, sync.servicesOf(connection, job.job, times))
      } catch (error) {
        log.error('A job failed and comes again', { job: job.job, connection, error })
        failed.push(messageId)
      }
    }
  }
  return { batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })) }
}

/** Each connection's job is a message of its own: one that waits for ClickUp holds up no other. */
function namesOf({ connection }: Job, { connections, log }: Sync): readonly string[] {
  if (connection === '*' || connections.includes(connection)) return connection === '*' ? connections : [connection]
  log.error('A job names a connection that is not configured and was dropped', { connection })
  return []
}
