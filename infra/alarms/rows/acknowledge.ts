import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

const NO_DELIVERY = 'Without deliveries there is nothing to answer; that none come has an alarm of its own.'

/** How fast ClickUp is answered. */
export const ACKNOWLEDGE: readonly AlarmRow[] = [
  {
    name: 'AcknowledgeTooSlow',
    severity: 'P1',
    impact:
      'Our answers come so late that ClickUp is about to give up on them, and drops what it has tried five times.',
    watched: '99th percentile of the time that ClickUp waits for our answer',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('AcknowledgeMs', 'p99') },
    // Minutes, because a release of the verifier is taken back by this within the five minutes of its canary, or not at all.
    periodSeconds: 60,
    threshold: 3000,
    comparison: '>',
    periods: 3,
    bad: 2,
    missing: { treat: 'notBreaching', why: NO_DELIVERY },
    runbook: {
      causes: ['SQS or Secrets Manager of this region has an incident.', 'A release that made the verifier slow.'],
      steps: [
        'As for [AcknowledgeSlow](#acknowledgeslow), and at once: `SlowestDeliveries`.',
        'It began with a deploy: deploy the release before, see [rollback.md](rollback.md).',
        '`npx hookline status`: does the number of events that ClickUp has given up grow? At 100 it suspends the webhook; the guard activates it again, and `npx hookline sync` finds what was dropped.',
      ],
      queries: ['SlowestDeliveries', 'Crashes'],
    },
  },
  {
    name: 'AcknowledgeSlow',
    severity: 'P2',
    impact: 'ClickUp waits long for our answers; it gives up after 7 s, and counts that as a failure.',
    watched: '99th percentile of the time that ClickUp waits for our answer',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('AcknowledgeMs', 'p99') },
    periodSeconds: 300,
    threshold: 1000,
    comparison: '>',
    periods: 3,
    missing: { treat: 'notBreaching', why: NO_DELIVERY },
    runbook: {
      causes: [
        'SQS or Secrets Manager are slow.',
        'Many cold starts: a storm after silence, or a release.',
        '`verifier.memoryMb` is low: with 128 MB everything takes three times as long.',
      ],
      steps: [
        'Run `SlowestDeliveries` and `ColdStarts`: few slow ones that are first ones are cold starts, and harmless in small numbers.',
        'All slow: AWS Health Dashboard for SQS and Secrets Manager.',
        'Always slow: raise `verifier.memoryMb`, see [tuning.md](tuning.md).',
      ],
      queries: ['SlowestDeliveries', 'ColdStarts', 'TimeAndMemory'],
    },
  },
]
