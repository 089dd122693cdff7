import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { nameSchema } from '../platform/connections.ts'
import { parseJson } from '../platform/json.ts'

/**
 * A message on the jobs queue (`backfill`, `sweep`, `census`) or on the guard's: work to be done for a connection, or to be
 * gone on with. What is done and what is left stands in the state table; a message only says that somebody has to look.
 */
const jobSchema = z.object({
  job: z.enum(['backfill', 'sweep', 'census', 'guard']),
  /** `*` for all of them, as schedules say. */
  connection: z.union([nameSchema, z.literal('*')]),
  /** Goes on with this run, and with no other that has begun since; absent for a new one. */
  run: z.string().max(100).optional(),
  /** Why: by the clock, because somebody asked, or because a webhook was mended. */
  reason: z.enum(['schedule', 'asked', 'mended', 'silent']).default('schedule'),
  /** By the clock: so soon the next one comes, and this one is not needed any more. */
  everyMinutes: z.number().positive().optional(),
  /** Backfill: how many days back, null for everything; and whether every task is published. */
  days: z.number().int().positive().nullable().optional(),
  publish: z.boolean().optional(),
  /** Census: every list now, instead of those whose turn it is. */
  everything: z.boolean().optional(),
  /** Census: this run was halted, and somebody has looked at what it holds back: it is to be believed. */
  believe: z.string().max(100).optional(),
})
export type Job = z.infer<typeof jobSchema>

/** `null` for what is no job. */
export const parseJob = (body: string): Job | null => jobSchema.safeParse(parseJson(body)).data ?? null

/** Puts a job on its queue, to be seen after so many seconds (at most 900). */
export type SendJob = (job: Job, delaySeconds?: number) => Promise<void>

export const jobSender =
  (client: SQSClient, queueUrl: string): SendJob =>
  async (job, delaySeconds = 0) => {
    const seconds = Math.min(900, Math.max(0, Math.ceil(delaySeconds)))
    await client.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(job), DelaySeconds: seconds }),
    )
  }
