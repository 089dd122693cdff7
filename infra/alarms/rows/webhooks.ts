import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

const PULSE = 'Nothing is measured while nothing is connected; that the pulse is gone has an alarm of its own.'

/** What the guard has found at the webhooks. */
export const WEBHOOKS: readonly AlarmRow[] = [
  {
    name: 'WebhookBroken',
    severity: 'P1',
    impact:
      'A webhook delivers nothing, and the guard could not mend it: changes come by the sweep alone, up to 15 minutes late and without an actor.',
    watched: 'connections whose webhook is not active after one re-activation, or silent',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('WebhooksBroken', 'Maximum') },
    periodSeconds: 600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: PULSE },
    runbook: {
      causes: [
        'Our endpoint fails for ClickUp, so ClickUp suspends it again: [VerifierErrors](#verifiererrors), [AcknowledgeTooSlow](#acknowledgetooslow).',
        'A proxy or firewall before the API answers 401 or 410: either suspends the webhook at once. Hookline never does.',
        'The user of the token was disabled: its webhooks stay listed as active and are silent.',
        'ClickUp refuses to make another webhook (`OAUTH_171`), or the user lacks the rights.',
      ],
      steps: [
        "`npx hookline status` shows the guard's findings, one sentence each.",
        '`npx hookline doctor` posts a signed test delivery to the public address. If that fails, mend the way in: DNS of the custom domain, certificate, a firewall.',
        'Silent: is the user active, and a member of the spaces? `npx hookline rotate token --takeover` with the token of another.',
        'Else `npx hookline connect`, which mends what can be mended and says what cannot.',
        'Afterwards `npx hookline sync`, then `npx hookline gaps`.',
      ],
      queries: ['WebhookRepairs', 'RefusedDeliveries', 'UnansweredDeliveries'],
    },
  },
  {
    name: 'WebhookFailing',
    severity: 'P1',
    impact:
      'ClickUp has given up on more than 50 events in a row, and suspends the webhook at 100: those changes are late, and soon all are.',
    watched: 'events that ClickUp has given up on, in a row (`fail_count`)',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('WebhookFailCount', 'Maximum') },
    periodSeconds: 600,
    threshold: 50,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: PULSE },
    runbook: {
      causes: ['As for [WebhookLosing](#webhooklosing), for longer.'],
      steps: [
        'As for [WebhookLosing](#webhooklosing), now.',
        'One success sets the count back: if the endpoint is well again, change a task in ClickUp.',
        'If it is suspended meanwhile, the guard activates it within five minutes, once an hour at the most.',
      ],
      queries: ['UnansweredDeliveries', 'SlowestDeliveries', 'WebhookRepairs'],
    },
  },
  {
    name: 'WebhookLosing',
    severity: 'P2',
    impact: 'ClickUp has given up on more than 10 events in a row: those changes come late, by the sweep.',
    watched: 'events that ClickUp has given up on, in a row (`fail_count`)',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('WebhookFailCount', 'Maximum') },
    periodSeconds: 600,
    threshold: 10,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: PULSE },
    runbook: {
      causes: [
        'We answer 5xx, or later than after 7 s: [VerifierErrors](#verifiererrors), [VerifierUnavailable](#verifierunavailable), [AcknowledgeSlow](#acknowledgeslow).',
        'We answer 403: the secret is not the right one, [RefusedSignatures](#refusedsignatures).',
        'Requests do not reach us at all: DNS, certificate, a route or a right of the API that was changed; API Gateway throttles (`throttling`).',
      ],
      steps: [
        'Run `UnansweredDeliveries`, `RefusedDeliveries` and `SlowestDeliveries`. Nothing in any of them: requests do not reach the verifier; look at the access log of the API.',
        '`npx hookline doctor` sends a test delivery through the public address.',
        'What was given up is never sent again. `npx hookline sync` finds it, and `npx hookline gaps` lists it.',
      ],
      queries: ['UnansweredDeliveries', 'RefusedDeliveries', 'SlowestDeliveries'],
    },
  },
]
