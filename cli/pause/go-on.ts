import { jobSender } from '../../core/sync/job.ts'
import { backfillRuns, readable } from '../../core/sync/run-store.ts'
import type { Target } from '../target.ts'

/**
 * Asks for what would come by the clock anyway, only later: a look at the webhooks, and a sweep. And a backfill that was under way
 * is sent on, because its message is forgotten where the pause has lasted longer than the queue of jobs keeps any. One too many does
 * no harm: it finds that somebody is at it.
 */
export async function goOn(target: Target): Promise<void> {
  const { jobs, guard } = await target.queues()
  const state = { dynamo: target.dynamo, table: target.tables.state }
  if (guard !== undefined) await jobSender(target.sqs, guard)({ job: 'guard', connection: '*', reason: 'asked' })
  if (jobs === undefined) return
  const sendJob = jobSender(target.sqs, jobs)
  for (const connection of target.connections) {
    const backfill = await readable(backfillRuns(state, connection))
    if (backfill !== null && backfill.endedAt === null)
      await sendJob({ job: 'backfill', connection, run: backfill.run, reason: 'asked' })
    await sendJob({ job: 'sweep', connection, reason: 'asked' })
  }
}
