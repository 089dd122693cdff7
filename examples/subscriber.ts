import * as z from 'zod'
import { parseJson } from '../core/platform/json.ts'
import type { Log } from '../core/platform/log.ts'
import { type ChangeEvent, changeEventSchema } from '../core/publish/index.ts'

const batchSchema = z.looseObject({ Records: z.array(z.looseObject({ messageId: z.string(), body: z.string() })) })
const busEventSchema = z.looseObject({ detail: changeEventSchema })

/**
 * Acts on each event of an SQS batch, one after the other, and answers with those that failed: they alone come again, and
 * go to the dead-letter queue when they have failed too often.
 * @throws when the batch is none of SQS: then nothing in it can be answered for.
 */
export async function forEachEvent(batch: unknown, act: (event: ChangeEvent) => Promise<void>, log: Log) {
  const failed: string[] = []
  for (const { messageId, body } of batchSchema.parse(batch).Records) {
    try {
      await act(busEventSchema.parse(parseJson(body)).detail)
    } catch (error) {
      log.error('An event failed and comes again', { messageId, error })
      failed.push(messageId)
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}
