import { nameSchema } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { ANSWERS, type Answer } from './answers.ts'
import type { Encoding } from './message.ts'

/** What became of one delivery. `event` is null when the body could not be read. */
export type Decision =
  | { kind: 'accepted'; event: string | null; encoding: Encoding }
  /** `resource` is what it was about, `task/86c2k4x7q`: nothing else will tell of it any more. */
  | { kind: 'filtered'; event: string; resource: string | null }
  /** A delivery of our own, to find out whether a secret verifies. */
  | { kind: 'tested'; event: string }
  | { kind: 'refused'; reason: RefusalReason }
  | { kind: 'unavailable'; reason: 'queue' | 'secret'; error: unknown }

type RefusalReason = 'tooLarge' | 'shape' | 'unknownSlot' | 'signature'

export function answerOf(decision: Decision): Answer {
  switch (decision.kind) {
    case 'accepted':
      return ANSWERS.accepted
    case 'filtered':
      return ANSWERS.filtered
    case 'tested':
      return ANSWERS.tested
    case 'refused':
      return decision.reason === 'tooLarge' ? ANSWERS.tooLarge : ANSWERS.refused
    case 'unavailable':
      return ANSWERS.unavailable
  }
}

/**
 * Counts the decision; the latency only of what ClickUp did send, so that a flood of forgeries does not colour it.
 * A test is no delivery of ClickUp's, so it is in none of the counts.
 */
export function countDecision(decision: Decision, ms: number, metrics: Metrics): void {
  switch (decision.kind) {
    case 'accepted':
      metrics.count('DeliveriesAccepted')
      metrics.milliseconds('AcknowledgeMs', ms)
      return
    case 'filtered':
      metrics.count('DeliveriesFiltered')
      metrics.milliseconds('AcknowledgeMs', ms)
      return
    case 'tested':
      return
    case 'refused':
      metrics.count('DeliveriesRefused')
      if (decision.reason === 'signature') metrics.count('RefusedSignature')
      return
    case 'unavailable':
      metrics.count('DeliveriesUnavailable')
      metrics.milliseconds('AcknowledgeMs', ms)
      return
  }
}

export type Seen = { connection: string; slot: string; deliveryId: string | undefined; bytes: number; ms: number }

/** One line per delivery: no body, no signature, and no id but that of what is left out. */
export function logDecision(decision: Decision, seen: Seen, log: Log): void {
  const fields = {
    decision: decision.kind,
    ...('reason' in decision ? { reason: decision.reason } : {}),
    ...('event' in decision ? { event: decision.event?.slice(0, 64) ?? null } : {}),
    ...('resource' in decision && decision.resource !== null ? { resource: decision.resource } : {}),
    ...('encoding' in decision ? { encoding: decision.encoding } : {}),
    // They are what stood in the address: anybody's text, until it looks like a name of ours.
    connection: nameSchema.safeParse(seen.connection).success ? seen.connection : null,
    slot: /^[a-z]$/.test(seen.slot) ? seen.slot : null,
    ...(seen.deliveryId === undefined ? {} : { deliveryId: seen.deliveryId }),
    bytes: seen.bytes,
    ms: seen.ms,
  }
  switch (decision.kind) {
    case 'accepted':
    case 'filtered':
    case 'tested':
      log.info('delivery', fields)
      return
    case 'refused':
      log.warn('delivery', fields)
      return
    case 'unavailable':
      log.error('delivery', { ...fields, error: decision.error })
      return
  }
}
