import type { AlarmRow } from '../alarm.ts'
import { lambda, ours, sqs } from '../signals.ts'

const QUIET = 'Without messages there is nothing to fail.'

/** Below so many a share says nothing: one message that can never succeed is received five times, and is then in quarantine. */
const FEWEST_PAGED = 5
const FEWEST_WARNED = 3

/** What fails between the deliveries queue and the bus. Messages are counted by us: a batch that fails in part is no error of Lambda's. */
export const FAILURES: readonly AlarmRow[] = [
  {
    name: 'ConsumerFailing',
    severity: 'P1',
    impact: 'Many messages fail: changes are not published, and after five receives they go to quarantine.',
    watched: `share of received messages that failed, of at least ${FEWEST_PAGED} failures`,
    unit: 'percent',
    watches: {
      kind: 'expression',
      expression: `IF(failed >= ${FEWEST_PAGED}, 100 * failed / received, 0)`,
      signals: { failed: ours('MessagesFailed', 'Sum'), received: ours('MessagesReceived', 'Sum') },
    },
    periodSeconds: 300,
    threshold: 5,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'DynamoDB, EventBridge or SQS refuse: throttles, an incident, a right that was taken away.',
        'A release with a fault.',
        'The bus was deleted or renamed.',
      ],
      steps: [
        'Run `FailedMessages`: the reason is the same for most of them.',
        '`AccessDenied` or `ResourceNotFound`: `npx cdk drift Hookline-STAGE-Service` shows what was changed by hand; put it back there, for a deploy of the same template changes nothing. Throttles: [TablesThrottled](#tablesthrottled).',
        'It began with a deploy: `npx hookline pause --reason "bad release"`, deploy the release before ([rollback.md](rollback.md)), `npx hookline resume`. Paused, nothing goes on to quarantine.',
        'Afterwards `npx hookline quarantine list`, and bring back what lies there: `npx hookline quarantine redrive --dry-run`, then without.',
      ],
      queries: ['FailedMessages', 'Troubles', 'Crashes'],
    },
  },
  {
    name: 'ConsumerFailures',
    severity: 'P2',
    impact: 'Some messages fail and are tried again: their changes come late.',
    watched: `share of received messages that failed, of at least ${FEWEST_WARNED} failures`,
    unit: 'percent',
    watches: {
      kind: 'expression',
      expression: `IF(failed >= ${FEWEST_WARNED}, 100 * failed / received, 0)`,
      signals: { failed: ours('MessagesFailed', 'Sum'), received: ours('MessagesReceived', 'Sum') },
    },
    periodSeconds: 300,
    threshold: 1,
    comparison: '>',
    periods: 2,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'A short fault of an AWS service: tries after seconds succeed.',
        'One message that can never succeed. After five receives it is in quarantine, and this is over.',
        'The beginning of [ConsumerFailing](#consumerfailing).',
      ],
      steps: [
        'Run `FailedMessages` for the reason.',
        '`npx hookline quarantine list` shows whether something has arrived there.',
      ],
      queries: ['FailedMessages', 'Troubles'],
    },
  },
  {
    name: 'ConsumerErrors',
    severity: 'P2',
    impact:
      'The consumer ends without answering for its batch: those changes come late, after the visibility time of the queue.',
    watched: 'invocations of the consumer that ended with an error or a time-out',
    unit: 'count',
    // Whoever is cut off writes no metric of ours, so this one is Lambda's.
    watches: { kind: 'signal', signal: lambda('Errors', 'consumer') },
    periodSeconds: 300,
    threshold: 3,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'Out of memory: a batch of very large tasks.',
        'The time-out: it hangs at an AWS service.',
        'A release that does not start: a missing environment variable or right.',
      ],
      steps: [
        'Run `Crashes` and `TimeAndMemory`.',
        'Memory: raise `consumer.memoryMb` and deploy. Time-out: raise `consumer.timeoutSeconds`; lease and visibility follow.',
        'A release: [rollback.md](rollback.md).',
      ],
      queries: ['Crashes', 'TimeAndMemory'],
    },
  },
  {
    name: 'QuarantineNotEmpty',
    severity: 'P1',
    impact:
      'Changes lie in quarantine: they are not published and not in the ledger until somebody brings them back, and after 14 days they are gone.',
    watched: 'messages in the quarantine',
    unit: 'count',
    watches: { kind: 'signal', signal: sqs('ApproximateNumberOfMessagesVisible', 'quarantineQueue') },
    periodSeconds: 300,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'SQS tells nothing of a queue that lies empty and untouched for six hours.',
    },
    runbook: {
      causes: [
        'A body that is no delivery of ClickUp, or one of a connection that is not configured any more.',
        'ClickUp has begun to send something that the parser refuses.',
        'The bus refuses an event for good.',
        '`unknown, N receives`: the message failed five times; the cause is in the log of the time.',
      ],
      steps: [
        '`npx hookline quarantine list` counts them by class and reason, with `--each` one by one; `npx hookline quarantine show ID` shows one.',
        'Run `Quarantined`, and `FailedMessages` for the time before.',
        'Mend the cause first: deploy the fix, or put the connection back.',
        '`npx hookline quarantine redrive --class CLASS --dry-run`, then without. It goes at a rate below the budget, and what is known already makes no second change.',
        'What is of no use: `npx hookline quarantine drop --class CLASS`.',
      ],
      queries: ['Quarantined', 'FailedMessages'],
    },
  },
]
