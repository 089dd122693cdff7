import type { DeliveryMessage } from '../ingest/message.ts'
import { delaySeconds } from './defer.ts'
import type { Services } from './services.ts'
import { forEach, type Outcome, type Work } from './work.ts'

/** What becomes of a message: it is done with, or it stays on the queue and comes again. */
export type Disposition = 'done' | 'retry'

type Ended = { works: readonly Work[]; own: ReadonlyMap<number, Outcome> }

/**
 * Ends every message by the outcomes of what it told: what failed comes again by itself, what was put off is sent anew,
 * what will never succeed goes to quarantine, and the rest is done with.
 *
 * Claims are given back only after the re-send has succeeded: until then the message itself is the only copy, and a
 * second worker must not think that it is alone.
 */
export async function settle(
  messages: readonly DeliveryMessage[],
  { works, own }: Ended,
  services: Services,
): Promise<Disposition[]> {
  const dispositions = await Promise.all(
    messages.map((message, index) => {
      const outcomes = works.filter((work) => work.messages.includes(index)).map((work) => work.outcome)
      const its = own.get(index)
      return settleOne(message, its === undefined ? outcomes : [...outcomes, its], services)
    }),
  )
  await forEach(
    works.filter((work) => work.held),
    async (work) => {
      try {
        await services.ledger.release(work.change)
        work.held = false
      } catch (error) {
        // It ends by itself with its lease: until then the change waits.
        services.log.warn('A claim could not be given back', { changeId: work.change.id, error })
      }
    },
  )
  return dispositions
}

async function settleOne(message: DeliveryMessage, outcomes: (Outcome | null)[], services: Services) {
  const { clock, log, metrics, random } = services
  try {
    const failure = outcomes.find((outcome) => outcome === null || outcome.kind === 'failed')
    if (failure !== undefined) {
      metrics.count('MessagesFailed')
      const reason = failure?.kind === 'failed' ? failure.reason : 'without an outcome'
      log.error('A message failed and comes again', { ...about(message), reason })
      return 'retry'
    }
    const deferred = outcomes.filter((outcome) => outcome?.kind === 'deferred')
    if (deferred.length > 0) {
      const until = Math.max(...deferred.map((outcome) => outcome.until))
      // Waiting for another worker is nobody's attempt.
      const counts = deferred.some((outcome) => outcome.reason !== 'busy')
      const again = { ...message, attempts: message.attempts + (counts ? 1 : 0) }
      await services.sendAgain(again, delaySeconds(until, clock.now(), random))
      log.info('A message was put off', {
        ...about(again),
        reasons: [...new Set(deferred.map(({ reason }) => reason))],
      })
      return 'done'
    }
    const permanent = outcomes.find((outcome) => outcome?.kind === 'permanent')
    if (permanent?.kind === 'permanent') {
      await services.quarantine(message, permanent)
      metrics.count('MessagesQuarantined')
      log.warn('A message was quarantined', { ...about(message), class: permanent.class, reason: permanent.reason })
    }
    return 'done'
  } catch (error) {
    // Could neither be sent anew nor set aside: it stays where it is.
    metrics.count('MessagesFailed')
    log.error('A message could not be settled and comes again', { ...about(message), error })
    return 'retry'
  }
}

const about = ({ connection, slot, receivedAt, attempts }: DeliveryMessage) => ({
  connection,
  slot,
  receivedAt,
  attempts,
})
