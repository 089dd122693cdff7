import type { AlarmRow } from '../alarm.ts'
import { ours, sqs } from '../signals.ts'

/** Sweep, census, and the jobs that drive them. */
export const SYNC: readonly AlarmRow[] = [
  {
    name: 'SweepMissing',
    severity: 'P1',
    impact:
      'No sweep has come to its end for an hour: what ClickUp does not deliver stays unknown, and the watermark stands still.',
    watched: 'sweeps that came to their end',
    unit: 'count',
    // The pulse counts 0 of them while a connection is connected and nothing is paused. So there is a value when there is no sweep,
    // and none where none is due: it needs no FILL, which cannot be relied on where a metric has no value at all.
    watches: { kind: 'signal', signal: ours('SweepsCompleted', 'Sum') },
    periodSeconds: 900,
    threshold: 1,
    comparison: '<',
    periods: 4,
    missing: {
      treat: 'notBreaching',
      why: 'Nothing is counted while nothing is connected, or while paused; that the pulse is gone has an alarm of its own.',
    },
    runbook: {
      causes: [
        'ClickUp is unreachable, or refuses the token: those alarms ring first.',
        'The budget is so short that sweeps never end; they give way to deliveries.',
        'The sync function crashes, or its event source is disabled.',
        'The schedule rule is disabled.',
      ],
      steps: [
        '`npx hookline status`: the last sweep, what it says of itself, and whether it is stuck.',
        '`npx hookline sync` sweeps now and shows how it goes.',
        'Run `SyncTroubles` and `Crashes`.',
        '`npx hookline doctor` says when guard, sweep and census last came. Never, or long ago: console, EventBridge, are the rules enabled; console, Lambda, sync, is its trigger?',
        'Messages in the dead-letter queue of the jobs: [JobsFailed](#jobsfailed).',
      ],
      queries: ['SyncTroubles', 'Crashes', 'SweepRepairs'],
    },
  },
  {
    name: 'SweepRepairsUnusual',
    severity: 'P2',
    impact:
      'Sweeps find far more lost changes than usual: ClickUp drops deliveries, and those changes come late and without an actor.',
    watched: 'repaired changes of an hour beyond twice what an hour of the last week had, and beyond five',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('SweepRepairsUnusual', 'Maximum') },
    periodSeconds: 3600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: 'No sweep, no repairs; that sweeps are missing has an alarm of its own.' },
    runbook: {
      causes: [
        'The webhook was failing or suspended: what ClickUp gave up is found now. That is the sweep at its work.',
        'The webhook is silent: [NoDeliveries](#nodeliveries).',
        'An integration in ClickUp whose changes make no deliveries (some importers do that).',
      ],
      steps: [
        '`npx hookline gaps` lists the windows, their causes, and what was repaired.',
        'Run `SweepRepairs`: when, and how many.',
        'Open gap and failing webhook: see [WebhookLosing](#webhooklosing). Neither: ask the team who changed many tasks, and with what.',
      ],
      queries: ['SweepRepairs', 'WebhookRepairs'],
    },
  },
  {
    name: 'CensusHalted',
    severity: 'P1',
    impact:
      'So many tasks are gone at once that nothing of it was published: subscribers still believe that they exist.',
    watched: 'censuses that halted, and pulses while one has',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('CensusHalted', 'Sum') },
    periodSeconds: 3600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'It is counted when it happens, and by every pulse until another census has begun.',
    },
    runbook: {
      causes: [
        'Somebody deleted a list, folder or space with many tasks, by mistake or not.',
        'ClickUp answers 404 for tasks that exist: an incident.',
      ],
      steps: [
        '`npx hookline status` says how many are gone; run `Censuses` for when.',
        "Look into ClickUp's trash, and ask who deleted it. By mistake: restore it there within 30 days, and `npx hookline sync --census` passes.",
        'A fault of ClickUp: wait until it is over, then `npx hookline sync --census`.',
        'Deleted on purpose: `npx hookline accept-deletions` shows the tasks and, when you say so, publishes that they are gone.',
      ],
      queries: ['Censuses', 'SyncTroubles'],
    },
  },
  {
    name: 'WatermarkOld',
    severity: 'P2',
    impact: 'The promise that everything before the watermark is in your table is getting old: reports end there.',
    watched: 'age of the oldest watermark; time in a pause does not count',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('WatermarkAgeMs', 'Maximum') },
    periodSeconds: 600,
    threshold: 30 * 60_000,
    comparison: '>',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'Nothing is measured while nothing is connected; that the pulse is gone has an alarm of its own.',
    },
    runbook: {
      causes: [
        'Sweeps do not end: [SweepMissing](#sweepmissing).',
        'One connection of several has no sweep: its token is refused, or its budget spent.',
        'Something old waits in the queue, and the watermark does not pass it: [DeliveriesLate](#deliverieslate).',
      ],
      steps: [
        '`npx hookline status` shows the watermark of each connection, and what its sweep waits for.',
        '`npx hookline sync --connection main`, and watch it.',
        'Run `SyncTroubles`.',
      ],
      queries: ['SyncTroubles', 'Deferrals'],
    },
  },
  {
    name: 'JobsFailed',
    severity: 'P2',
    impact:
      'Sweeps, censuses or looks at the webhooks failed five times each: that one is skipped, and the next of the schedule goes on.',
    watched: 'messages in the dead-letter queues of the jobs',
    unit: 'count',
    watches: {
      kind: 'expression',
      // A sum over a list takes what is there: of a queue that lies untouched SQS tells nothing.
      expression: 'SUM([jobs, guard])',
      signals: {
        jobs: sqs('ApproximateNumberOfMessagesVisible', 'failedJobsQueue'),
        guard: sqs('ApproximateNumberOfMessagesVisible', 'failedGuardJobsQueue'),
      },
    },
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
        'The sync or guard function crashes: memory, time-out, a release with a fault.',
        'EventBridge could not put a job on its queue: a policy was changed.',
      ],
      steps: [
        'Run `Crashes` and `SyncTroubles` for the time of the messages.',
        'Mend it and deploy. Nothing has to be brought back: the next sweep covers the time of the lost one.',
        'Empty the queue so that the alarm ends: console, SQS, the dead-letter queue of `Jobs` or `GuardJobs`, Purge.',
      ],
      queries: ['Crashes', 'SyncTroubles'],
    },
  },
]
