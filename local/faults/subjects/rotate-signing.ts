import type { Machine } from '../../virtual/run.ts'
import type { Subject } from '../subject.ts'
import { promotedOrUnchanged, rotationPlay } from './rotation-stage.ts'
import { rare } from './webhook-breaks.ts'

/** The webhook that is in force. */
function activeWebhook(run: Machine): string {
  const { a, b } = run.signing().slots
  return [a, b].flatMap((slot) => (slot?.state === 'active' ? (slot.webhookId ?? []) : [])).join(' ')
}

const COMMON = {
  containers: ['rotate-signing '],
  breaks: { rare: { variation: rare } },
  judge: promotedOrUnchanged,
} satisfies Partial<Subject>

/** ClickUp allows a second webhook beside the first. */
export const rotateSigningBeside: Subject = {
  ...COMMON,
  name: 'rotate-signing-beside',
  title: 'a signing secret is rotated, a second webhook beside the first',
  play: (given) =>
    rotationPlay(given, {
      rotated: 'signing',
      faults: { allowSecondWebhook: 'otherEndpoint' },
      renewed: activeWebhook,
    }),
}

/** ClickUp refuses a second webhook (OAUTH_171), so the first is deleted before. */
export const rotateSigningInstead: Subject = {
  ...COMMON,
  name: 'rotate-signing-instead',
  title: 'a signing secret is rotated where a second webhook is refused',
  play: (given) =>
    rotationPlay(given, { rotated: 'signing', faults: { allowSecondWebhook: 'never' }, renewed: activeWebhook }),
}
