import * as z from 'zod'
import { LOOK_AGAIN_MS } from '../../core/pause/gate.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Job, SendJob } from '../../core/sync/job.ts'

/** An SQS event, as far as it is used. */
const eventSchema = z.looseObject({
  Records: z.array(
    z.looseObject({
      messageId: z.string(),
      body: z.string(),
      attributes: z.looseObject({ SentTimestamp: z.coerce.number().optional() }).catch({}).default({}),
    }),
  ),
})

/** `sentAt`: when it was put on the queue, ms since 1970; null where that is not told. */
export type JobRecord = { messageId: string; body: string; sentAt: number | null }

/** @throws when the event is none of SQS: then nothing in it can be answered for. */
export const jobRecordsOf = (event: unknown): JobRecord[] =>
  eventSchema.parse(event).Records.map(({ messageId, body, attributes }) => ({
    ...{ messageId, body, sentAt: attributes.SentTimestamp ?? null },
  }))

/** Sends a job anew, to be looked at later, because the stage is paused; false when it could not be sent. */
export async function putOffJob(job: Job, { sendJob, log }: { sendJob: SendJob; log: Log }): Promise<boolean> {
  try {
    await sendJob(job, LOOK_AGAIN_MS / 1_000)
    log.info('Hookline is paused: a job was put off', { job: job.job, connection: job.connection })
    return true
  } catch (error) {
    log.error('A job could not be put off for a pause and comes again', { job: job.job, error })
    return false
  }
}
