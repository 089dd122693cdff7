import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import type { Quarantined } from './quarantined.ts'
import { type QuarantineQueues, viewQuarantine } from './queue.ts'

export type Survey = {
  /** Each once, the oldest first. */
  messages: Quarantined[]
  /** How many the queue says that there are: SQS counts approximately, and later than it acts. */
  about: number
  /** Whether there may be more than were looked at. */
  more: boolean
}

/** SQS gives out what it likes: after so many answers without anything new, what there is has been seen. */
const STALE_ANSWERS = 3

/**
 * Looks through the quarantine and leaves it as it was. Meanwhile nobody else sees what was looked at.
 * @param most looks at no more messages than this
 * @param until ends the search when it has found what it was made for
 */
export async function surveyQuarantine(
  queues: QuarantineQueues,
  { most, until = () => false }: { most: number; until?: (message: Quarantined) => boolean },
): Promise<Survey> {
  const about = await countQuarantine(queues)
  const view = await viewQuarantine(queues)
  const seen = new Map<string, Quarantined>()
  let more = false
  try {
    for (let stale = 0; stale < STALE_ANSWERS; ) {
      if (seen.size >= most) {
        more = true
        break
      }
      // Where all are seen that SQS counts, nobody need wait for the answer that there are no more.
      const page = await view.next(most - seen.size, { wait: seen.size < about })
      if (page.length === 0) break
      stale = page.every(({ id }) => seen.has(id)) ? stale + 1 : 0
      for (const message of page) seen.set(message.id, message)
      if (page.some(until)) break
    }
  } finally {
    await view.giveBack()
  }
  const messages = [...seen.values()].sort((a, b) => (a.firstSeen ?? 0) - (b.firstSeen ?? 0))
  return { messages, about: Math.max(about, messages.length), more: more && about > messages.length }
}

/** How many messages there are, those included that somebody is looking at; approximately, as SQS says. */
async function countQuarantine({ sqs, quarantine }: QuarantineQueues): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: quarantine,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  return Object.values(Attributes).reduce((sum, count) => sum + (Number(count) || 0), 0)
}
