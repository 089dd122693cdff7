import type { DeliveryMessage } from '../ingest/message.ts'
import { delaySeconds } from './defer.ts'
import type { Services } from './services.ts'
import { forEach, type Outcome, type Work } from './work.ts'

/** What becomes of a message: it is done with, or it stays on the queue and comes again. */
export type Disposition = 'done' | 'retry'

type Ended = { works: readonly Work[]; own: ReadonlyMap<number, Outcome> }

/** How a message ends, by the outcomes of what it told. */
type Ending =
  | { kind: 'done' }
  | { kind: 'failed'; reason: string }
  | { kind: 'again'; message: DeliveryMessage; until: number; reasons: string[] }
  | { kind: 'permanent'; class: string; reason: string }

/** A message that was put off for so long has outlived every queue: what it waits for will not come. */
const EXPIRES_MS = 14 * 86_400_000

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
  const endings = messages.map((message, index) => {
    const outcomes = works.filter((work) => work.messages.includes(index)).map((work) => work.outcome)
    const its = own.get(index)
    return endingOf(message, its === undefined ? outcomes : [...outcomes, its], services.clock.now())
  })
  const resent = await resend(endings, services)
  const dispositions = await Promise.all(
    messages.map((message, index) =>
      settleOne(message, endings[index] ?? { kind: 'done' }, resent.get(index), services),
    ),
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

function endingOf(message: DeliveryMessage, outcomes: readonly (Outcome | null)[], now: number): Ending {
  const failure = outcomes.find((outcome) => outcome === null || outcome.kind === 'failed')
  if (failure !== undefined)
    return { kind: 'failed', reason: failure?.kind === 'failed' ? failure.reason : 'without an outcome' }
  const deferred = outcomes.filter((outcome) => outcome?.kind === 'deferred')
  if (deferred.length > 0) {
    const reasons = [...new Set(deferred.map(({ reason }) => reason))]
    if (now - message.receivedAt > EXPIRES_MS)
      return { kind: 'permanent', class: 'expired', reason: `put off for 14 days, at last for: ${reasons.join(', ')}` }
    // Waiting for another worker is nobody's attempt.
    const attempts = message.attempts + (reasons.every((reason) => reason === 'busy') ? 0 : 1)
    const until = Math.max(...deferred.map((outcome) => outcome.until))
    return { kind: 'again', message: { ...message, attempts }, until, reasons }
  }
  return outcomes.find((outcome) => outcome?.kind === 'permanent') ?? { kind: 'done' }
}

/** Sends anew what was put off, as few requests as it takes; answers for each whether the queue has it. */
async function resend(endings: readonly Ending[], services: Services): Promise<ReadonlyMap<number, string | null>> {
  const { clock, random } = services
  const now = clock.now()
  const again = endings.flatMap((ending, index) =>
    ending.kind === 'again'
      ? [{ index, message: ending.message, delaySeconds: delaySeconds(ending.until, now, random) }]
      : [],
  )
  if (again.length === 0) return new Map()
  try {
    const refused = await services.sendAgain(again)
    const answerOf = (i: number) => (refused[i] === undefined ? 'no answer' : refused[i])
    return new Map(again.map(({ index }, i) => [index, answerOf(i)]))
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown'
    return new Map(again.map(({ index }) => [index, reason]))
  }
}

async function settleOne(
  message: DeliveryMessage,
  ending: Ending,
  refused: string | null | undefined,
  services: Services,
): Promise<Disposition> {
  const { log, metrics } = services
  switch (ending.kind) {
    case 'done':
      return 'done'
    case 'failed':
      metrics.count('MessagesFailed')
      log.error('A message failed and comes again', { ...about(message), reason: ending.reason })
      return 'retry'
    case 'again':
      if (refused) {
        metrics.count('MessagesFailed')
        log.error('A message could not be put off and comes again', { ...about(message), reason: refused })
        return 'retry'
      }
      log.info('A message was put off', {
        ...about(ending.message),
        reasons: ending.reasons,
        forMs: ending.until - services.clock.now(),
      })
      return 'done'
    case 'permanent':
      return setAside(message, ending, services)
  }
}

async function setAside(message: DeliveryMessage, fault: { class: string; reason: string }, services: Services) {
  const { log, metrics } = services
  try {
    await services.quarantine(message, fault)
    metrics.count('MessagesQuarantined')
    log.warn('A message was quarantined', { ...about(message), class: fault.class, reason: fault.reason })
    return 'done'
  } catch (error) {
    metrics.count('MessagesFailed')
    log.error('A message could not be set aside and comes again', { ...about(message), error })
    return 'retry'
  }
}

const about = ({ connection, slot, receivedAt, attempts }: DeliveryMessage) => ({
  connection,
  slot,
  receivedAt,
  attempts,
})
