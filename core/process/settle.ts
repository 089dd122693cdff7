import { type DeliveryMessage, waitsSince } from '../ingest/message.ts'
import { delaySeconds } from './defer.ts'
import { parseFound } from './found/found.ts'
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
    const since = waitsSince(message)
    const ageMs = services.clock.now() - since - services.pausedSince(since)
    return endingOf(message, its === undefined ? outcomes : [...outcomes, its], ageMs)
  })
  await noteWaits(messages, endings, services)
  // While the token is known to be refused, only a probe calls: without this nothing would tell of it between two of them.
  const isTokenDead = endings.some((ending) => ending.kind === 'again' && ending.reasons.includes('tokenDead'))
  if (isTokenDead) services.metrics.count('TokenDead')
  const resent = await resend(endings, services)
  const dispositions = await Promise.all(
    messages.map(async (message, index) => {
      const ending = endings[index] ?? { kind: 'done' }
      const disposition = await settleOne(message, ending, resent.get(index), services)
      const isOver = disposition === 'done' && ending.kind !== 'again'
      const its = works.filter((work) => work.messages.includes(index))
      return isOver && message.encoding === 'found' ? crossOut(message, its, services) : disposition
    }),
  )
  await forEach(
    works.filter((work) => work.held),
    async (work) => {
      try {
        await services.ledger.release(work.change)
        work.held = false
      } catch (error) {
        // It ends by itself with its lease: until then the change waits. Nothing else tells of it, were it refused each time.
        services.log.error('A claim could not be given back', { changeId: work.change.id, error })
      }
    },
  )
  return dispositions
}

/** What failed comes back within minutes, or goes to quarantine. */
const FAILED_MS = 5 * 60_000

/** Says that deliveries came in, and which of them wait: a sweep must not take for lost what is still to be worked off. */
async function noteWaits(messages: readonly DeliveryMessage[], endings: readonly Ending[], services: Services) {
  const { clock, pending, log } = services
  const waits = messages.flatMap((message, index) => {
    const ending = endings[index]
    if (isOurs(message.encoding) || ending === undefined) return []
    // Sweeps have passed the time of what is sent again, and found what it tells: it must not hold them back there.
    const receivedAt = waitsSince(message)
    if (ending.kind === 'again') return [{ receivedAt, until: ending.until }]
    return ending.kind === 'failed' ? [{ receivedAt, until: clock.now() + FAILED_MS }] : []
  })
  const heard = messages.filter(({ encoding }) => !isOurs(encoding)).map(({ receivedAt }) => receivedAt)
  if (heard.length === 0) return
  try {
    await pending.note({ heardAt: Math.max(...heard), waits })
  } catch (error) {
    // Said again with the next one that waits; until then a sweep may find what a delivery was about to tell, and it completes that.
    log.error('It could not be noted that deliveries wait', { error })
  }
}

const isOurs = (encoding: DeliveryMessage['encoding']) => encoding === 'errand' || encoding === 'found'

/** Says that what a sweep, a census or a backfill had found has been worked off, and what came of it. */
async function crossOut(message: DeliveryMessage, works: readonly Work[], services: Services): Promise<Disposition> {
  const found = parseFound(message.text)
  if (found === null) return 'done'
  const published = works.filter(({ outcome }) => outcome?.kind === 'published').map(({ change }) => change)
  const ofTasks = published.filter(({ resource, field }) => resource.kind === 'task' && field !== 'time_spent')
  try {
    await services.parts.done(found.part, {
      tasks: new Set(ofTasks.map(({ resource }) => resource.id)).size,
      changes: published.length,
      timeEntries: published.filter(({ field }) => field === 'time_spent').length,
      places: published.filter(({ resource }) => resource.kind !== 'task').length,
    })
    return 'done'
  } catch (error) {
    services.log.error('What was found could not be crossed out and comes again', { part: found.part, error })
    return 'retry'
  }
}

/** @param ageMs how long it has been here, pauses apart */
function endingOf(message: DeliveryMessage, outcomes: readonly (Outcome | null)[], ageMs: number): Ending {
  const failure = outcomes.find((outcome) => outcome === null || outcome.kind === 'failed')
  if (failure !== undefined)
    return { kind: 'failed', reason: failure?.kind === 'failed' ? failure.reason : 'without an outcome' }
  const deferred = outcomes.filter((outcome) => outcome?.kind === 'deferred')
  if (deferred.length > 0) {
    const reasons = [...new Set(deferred.map(({ reason }) => reason))]
    if (ageMs > EXPIRES_MS)
      return { kind: 'permanent', class: 'expired', reason: `put off for 14 days, at last for: ${reasons.join(', ')}` }
    // Waiting for another worker, or for the end of a pause, is nobody's attempt.
    const attempts = message.attempts + (reasons.every((reason) => reason === 'busy' || reason === 'paused') ? 0 : 1)
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
  const { log } = services
  switch (ending.kind) {
    case 'done':
      return 'done'
    case 'failed':
      log.error('A message failed and comes again', { ...about(message), reason: ending.reason })
      return 'retry'
    case 'again':
      if (refused) {
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
    log.error('A message could not be set aside and comes again', { ...about(message), error })
    return 'retry'
  }
}

const about = ({ connection, slot, receivedAt, attempts, deliveryId }: DeliveryMessage) => ({
  ...{ connection, slot, receivedAt, attempts },
  ...(deliveryId === undefined ? {} : { deliveryId }),
})
