import * as z from 'zod'
import { parseJson } from '../../core/platform/json.ts'
import { EVENT_SOURCE } from '../../core/platform/names.ts'
import { type ChangeEvent, changeEventSchema } from '../../core/publish/event.ts'
import { type StandupJob, standupJobSchema } from '../../core/standup/job.ts'

/** A time in a message's attributes, as `core/standup/send-jobs.ts` writes it. */
const time = z
  .looseObject({ stringValue: z.coerce.number().optional() })
  .transform(({ stringValue }) => stringValue ?? null)
  .nullable()
  .catch(null)
  .default(null)

/** An SQS event, as far as it is used. */
const eventSchema = z.looseObject({
  Records: z.array(
    z.looseObject({
      messageId: z.string(),
      body: z.string(),
      attributes: z.looseObject({ SentTimestamp: z.coerce.number().optional() }).catch({}).default({}),
      messageAttributes: z.looseObject({ notBefore: time, since: time }).catch({ notBefore: null, since: null }),
    }),
  ),
})

/** What EventBridge puts around a change. */
const envelopeSchema = z.looseObject({ source: z.literal(EVENT_SOURCE), detail: changeEventSchema })

/** What a message on the standup queue asks for; null for what asks for nothing that is known. */
export type Asked = { kind: 'job'; job: StandupJob } | { kind: 'event'; event: ChangeEvent } | null

/** Times are ms since 1970. */
export type StandupMessage = {
  messageId: string
  asked: Asked
  /** It is not to be looked at before. */
  notBefore: number
  /** When it was first asked for; null where nobody tells. */
  since: number | null
}

/** @throws when the event is none of SQS: then nothing in it can be answered for */
export const messagesOf = (event: unknown): StandupMessage[] =>
  eventSchema.parse(event).Records.map(({ messageId, body, attributes, messageAttributes }) => ({
    messageId,
    asked: askedBy(body),
    notBefore: messageAttributes.notBefore ?? 0,
    since: messageAttributes.since ?? attributes.SentTimestamp ?? null,
  }))

function askedBy(body: string): Asked {
  const parsed = parseJson(body)
  const job = standupJobSchema.safeParse(parsed)
  if (job.success) return { kind: 'job', job: job.data }
  const event = envelopeSchema.safeParse(parsed)
  return event.success ? { kind: 'event', event: event.data.detail } : null
}
