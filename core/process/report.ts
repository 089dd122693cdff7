import type { Services } from './services.ts'
import type { Work } from './work.ts'

/** One line and its counts for each change: what was decided and why, without bodies, people or secrets. */
export function report(works: readonly Work[], { clock, log, metrics }: Services): void {
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
      ageMs: clock.now() - change.receivedAt,
    })
    switch (outcome?.kind) {
      case 'published':
        metrics.count('ChangesPublished')
        metrics.milliseconds('EndToEndMs', (work.publishedAt ?? clock.now()) - change.receivedAt)
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
