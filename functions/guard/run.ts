import { runGuard } from '../../core/guard/guard.ts'
import { measureTokenAge } from '../../core/guard/token-age.ts'
import { arrivalOf } from '../../core/sync/arrival.ts'
import { type Job, parseJob } from '../../core/sync/job.ts'
import { jobRecordsOf, putOffJob } from '../shared/job-records.ts'
import type { Guard } from './services.ts'

/** Before the time-out: by then every call to ClickUp has ended, and what came of it can still be written down. */
const MARGIN_MS = 10_000

/**
 * Looks after the webhooks of the connections that the batch names, each once, and says which messages stay.
 *
 * @param remainingMs after so long the function is cut off
 */
export async function run(event: unknown, guard: Guard, remainingMs: number) {
  const { clock, log, sendGuard: sendJob } = guard
  const paused = (await guard.pause.look()).since !== null
  const notPutOff: string[] = []
  const deadline = clock.now() + remainingMs - Math.min(MARGIN_MS, remainingMs / 3)
  const wanted = new Map<string, { reason: Job['reason']; messageIds: string[] }>()
  for (const { messageId, body, sentAt } of jobRecordsOf(event)) {
    const job = parseJob(body)
    if (job?.job !== 'guard') {
      // It would be none the next time either, and the guard comes every five minutes anyway.
      log.error('A message on the guard’s queue is no job of the guard’s and was dropped')
      continue
    }
    const arrival = arrivalOf(job, { sentAt, now: clock.now(), paused })
    if (arrival === 'drop') continue
    if (arrival === 'later') {
      if (!(await putOffJob(job, { sendJob, log }))) notPutOff.push(messageId)
      continue
    }
    for (const connection of namesOf(job, guard)) {
      const known = wanted.get(connection)
      const reason = known === undefined || job.reason === 'silent' ? job.reason : known.reason
      wanted.set(connection, { reason, messageIds: [...(known?.messageIds ?? []), messageId] })
    }
  }
  const failed = await Promise.all(
    [...wanted].map(async ([connection, { reason, messageIds }]) => {
      try {
        await look(connection, reason, guard, deadline)
        return []
      } catch (error) {
        log.error('The guard failed and comes again', { connection, error })
        return messageIds
      } finally {
        // Now, because the token has been read by whoever has asked with it.
        await measureTokenAge(connection, guard)
      }
    }),
  )
  return {
    batchItemFailures: [...new Set([...notPutOff, ...failed.flat()])].map((itemIdentifier) => ({ itemIdentifier })),
  }
}

function namesOf({ connection }: Job, { connections, log }: Guard): readonly string[] {
  if (connection === '*') return connections
  if (connections.includes(connection)) return [connection]
  log.error('A job names a connection that is not configured and was dropped', { connection })
  return []
}

async function look(connection: string, reason: Job['reason'], guard: Guard, deadline: number): Promise<void> {
  const { clock, log, sendGuard } = guard
  const guarded = await runGuard({ reason }, guard.servicesOf(connection, deadline))
  if (guarded.kind !== 'busy') return
  log.info('Somebody else is at the webhooks', { connection, what: guarded.what })
  // What the clock asks for it asks for again; what a sweep has found would be forgotten.
  if (reason === 'silent')
    await sendGuard({ job: 'guard', connection, reason }, Math.max(1, (guarded.until - clock.now()) / 1_000))
}
