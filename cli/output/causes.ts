import type { GapCause } from '../../core/sync/gaps.ts'

/** Why deliveries may have been missed, for people. */
export const CAUSES: Readonly<Record<GapCause, string>> = {
  suspended: 'the webhook was suspended',
  failing: 'the webhook was failing',
  missing: 'the webhook was missing',
  elsewhere: 'the webhook pointed elsewhere',
  events: 'the webhook did not hear of every event',
  silent: 'the webhook was active and delivered nothing',
  rotation: 'ClickUp refused a second webhook while the signing secret was rotated',
  polling: 'there was no webhook',
  lost: 'deliveries got lost on their way',
}
