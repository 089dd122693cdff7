import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs'
import { inBatches } from '../platform/in-batches.ts'
import type { StandupJobInput } from './job.ts'

/** SQS's longest, in seconds. */
const LONGEST_DELAY = 900
/** Of one request; a job takes some hundred bytes. */
const LIMITS = { entries: 10, bytes: 262_144 }

/** A job that is not to be done before a time, and when it was first asked for (ms since 1970). */
type Waiting = { notBefore: number; since: number }

export type SendStandupJobs = (jobs: readonly StandupJobInput[], waiting?: Waiting & { now: number }) => Promise<void>

/**
 * Puts jobs on the standup queue. One that has to wait for longer than SQS keeps it from sight says so in its attributes, and is put
 * back unread until then.
 *
 * @throws Error when the queue has not taken all of them; some of them it may have
 */
export const standupJobSender =
  (client: SQSClient, queueUrl: string): SendStandupJobs =>
  async (jobs, waiting) => {
    const entries = jobs.map((job, index) => ({ ...entryOf(job, waiting), Id: String(index) }))
    const sizeOf = ({ MessageBody = '' }: SendMessageBatchRequestEntry) => Buffer.byteLength(MessageBody) + 512
    for (const Entries of inBatches(entries, sizeOf, LIMITS)) {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
      const [refused] = Failed
      if (refused) throw new Error(`A job could not be queued: ${refused.Code ?? 'refused'}`)
    }
  }

function entryOf(job: StandupJobInput, waiting: Parameters<SendStandupJobs>[1]) {
  const entry = { MessageBody: JSON.stringify(job) }
  if (waiting === undefined) return entry
  const { notBefore, since, now } = waiting
  return {
    ...entry,
    DelaySeconds: Math.min(LONGEST_DELAY, Math.max(0, Math.ceil((notBefore - now) / 1_000))),
    MessageAttributes: { notBefore: number(notBefore), since: number(since) },
  }
}

const number = (value: number) => ({ DataType: 'Number', StringValue: String(Math.round(value)) })
