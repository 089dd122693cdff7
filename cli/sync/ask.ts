import { STUCK_MS } from '../../core/status/verdict.ts'
import type { Job, SendJob } from '../../core/sync/job.ts'

/** What of a run is looked at before another one is asked for. */
export type Before = { run: string; updatedAt: number; endedAt: number | null }

export type Asked<Run extends Before> =
  /** A new run was asked for; `former` is the one that was there before, null for none. */
  | { kind: 'asked'; former: Run | null }
  /** One goes on already and is left alone. */
  | { kind: 'goesOn'; run: Run }
  /** One had lost its message and was sent on. */
  | { kind: 'sentOn'; run: Run }

/** Asks for a run, unless one goes on: nobody begins a second one beside it. */
export async function askForRun<Run extends Before>(
  former: Run | null,
  job: Omit<Job, 'reason'>,
  sendJob: SendJob,
  now: number,
): Promise<Asked<Run>> {
  if (former === null || former.endedAt !== null) {
    await sendJob({ ...job, reason: 'asked' })
    return { kind: 'asked', former }
  }
  if (now - former.updatedAt <= STUCK_MS) return { kind: 'goesOn', run: former }
  await sendJob({ job: job.job, connection: job.connection, reason: 'asked' })
  return { kind: 'sentOn', run: former }
}
