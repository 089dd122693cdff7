import type { DeliveryMessage } from '../ingest/message.ts'
import type { Services } from './services.ts'
import type { Work } from './work.ts'

/** A batch has ten messages; more is nobody's to read. */
const MOST_IDS = 10

/** One line and its counts for each change: what was decided and why, without bodies, people or secrets. */
export function report(
  works: readonly Work[],
  messages: readonly DeliveryMessage[],
  { clock, log, metrics, pausedSince }: Services,
): void {
  for (const work of works) {
    const { change, outcome } = work
    const decision = outcome?.kind ?? 'failed'
    log.info('change', {
      changeId: change.id,
      connection: change.connection,
      resource: `${change.resource.kind}/${change.resource.id}`,
      field: change.field,
      decision,
      ...(outcome?.kind === 'deferred' || outcome?.kind === 'failed' ? { reason: outcome.reason } : {}),
      read: work.read,
      ...(work.degraded ? { degraded: true } : {}),
      deliveries: work.messages.length,
      ...deliveryIds(work, messages),
      ageMs: clock.now() - change.receivedAt,
    })
    switch (outcome?.kind) {
      case 'published':
        metrics.count('ChangesPublished')
        metrics.milliseconds('EndToEndMs', endToEndOf(work, clock.now(), pausedSince))
        if (work.degraded) metrics.count('ChangesDegraded')
        if (work.messages.length > 1) metrics.count('ChangesDuplicate', work.messages.length - 1)
        break
      case 'duplicate':
        metrics.count('ChangesDuplicate', work.messages.length)
        break
      case 'deferred':
        metrics.count('ChangesDeferred')
        break
      default:
        break
    }
  }
}

/** Pauses apart, and what was before an operator sent it again: nobody wants to be told at the end of either. */
function endToEndOf({ since, publishedAt }: Work, now: number, pausedSince: Services['pausedSince']): number {
  return (publishedAt ?? now) - since - pausedSince(since)
}

/** By which requests it was told: the verifier's lines and the API's have the same ids. What a sweep has found has none. */
function deliveryIds({ messages: indexes }: Work, messages: readonly DeliveryMessage[]): { deliveryIds?: string[] } {
  const ids = new Set(indexes.flatMap((index) => messages[index]?.deliveryId ?? []))
  return ids.size === 0 ? {} : { deliveryIds: [...ids].slice(0, MOST_IDS) }
}
