import type { AlarmRow } from '../alarm.ts'
import { ours, sqs } from '../signals.ts'

const QUIET = 'Without messages there is nothing to be late.'

/** What waits too long before it is on the bus. */
export const LATENESS: readonly AlarmRow[] = [
  {
    name: 'DeliveriesVeryLate',
    severity: 'P1',
    impact: 'Changes reach subscribers more than a quarter of an hour late, or without their task.',
    watched: '90th percentile of the age of a delivery when it is taken up',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('DeliveryAgeMs', 'p90') },
    periodSeconds: 300,
    threshold: 15 * 60_000,
    comparison: '>',
    periods: 2,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'ClickUp has been down for long: [ApiUnreachable](#apiunreachable) rang before.',
        'The token is refused: [TokenDead](#tokendead).',
        'A storm beyond what the plan allows.',
      ],
      steps: [
        '`npx hookline status`: its first line names the cause when ClickUp, the token or the budget is it.',
        'Run `Deferrals`. `budget` for hours means that the plan is too small or shared; see [RateLimited](#ratelimited).',
        'Wait, or make the storm smaller: `connections[].filter` drops what nobody needs before it is queued.',
      ],
      queries: ['Deferrals', 'ApiFaults', 'BudgetUse'],
    },
  },
  {
    name: 'DeliveriesLate',
    severity: 'P2',
    impact: 'Changes reach subscribers minutes late.',
    watched: '90th percentile of the age of a delivery when it is taken up',
    unit: 'milliseconds',
    // Not the maximum: one message that somebody brings back from the quarantine is days old.
    watches: { kind: 'signal', signal: ours('DeliveryAgeMs', 'p90') },
    periodSeconds: 300,
    threshold: 5 * 60_000,
    comparison: '>',
    periods: 2,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'A storm: thousands of changes wait for their reading within 100 calls a minute. Two minutes for 2,000 is normal.',
        'ClickUp is slow or down: see [ApiSlow](#apislow) and [ApiUnreachable](#apiunreachable).',
        'The consumer is too few: `maxConcurrency`, or throttled by the account.',
        'Somebody brings back the quarantine, or a pause has just ended.',
      ],
      steps: [
        'Run `Deferrals`: it says what they wait for.',
        'Budget: nothing is lost, and after ten minutes a change is published without its task. `npx hookline status` shows how much is left.',
        'Nothing defers, and the queue is long: raise `consumer.maxConcurrency`, see [tuning.md](tuning.md).',
      ],
      queries: ['Deferrals', 'LatencyPerEndpoint', 'BudgetUse'],
    },
  },
  {
    name: 'DeliveriesStuck',
    severity: 'P1',
    impact: 'Nobody takes deliveries from the queue: nothing is published, and after 14 days they are gone.',
    watched: 'age of the oldest message in the deliveries queue while Hookline is not paused',
    unit: 'seconds',
    watches: {
      kind: 'expression',
      // What is put off is sent anew, at most a quarter of an hour into the future, and what fails is in quarantine after half an
      // hour: only what nobody takes grows older, and of that our own metric cannot tell, because nobody counts it. Without
      // a pulse nobody knows of a pause: that has an alarm of its own, and this one goes by the queue.
      expression: 'IF(FILL(paused, 0) > 0, 0, age)',
      signals: {
        paused: ours('Paused', 'Maximum'),
        age: sqs('ApproximateAgeOfOldestMessage', 'deliveriesQueue'),
      },
    },
    periodSeconds: 600,
    threshold: 1800,
    comparison: '>',
    periods: 2,
    missing: {
      treat: 'notBreaching',
      why: 'SQS tells nothing of a queue that lies empty and untouched for six hours.',
    },
    runbook: {
      causes: [
        "The consumer's event source is disabled: a pause that was ended by half, or somebody did it in the console.",
        'Lambda does not run the consumer: the concurrency of the account is used up.',
        'The consumer crashes at every batch: [ConsumerErrors](#consumererrors).',
      ],
      steps: [
        '`npx hookline status`: is it paused? Then `npx hookline resume`.',
        'Console, Lambda, consumer, Triggers: is the queue enabled? Enable it there, if `resume` has not.',
        'Run `Crashes`. Console, Lambda, consumer: throttles.',
      ],
      queries: ['Crashes', 'TimeAndMemory'],
    },
  },
]
