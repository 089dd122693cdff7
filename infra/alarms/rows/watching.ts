import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

/** The watch itself. */
export const WATCHING: readonly AlarmRow[] = [
  {
    name: 'PulseSilent',
    severity: 'P1',
    impact: 'The pulse is gone: nobody measures webhooks, watermark and silence any more, so their alarms cannot ring.',
    watched: 'pulses (each says whether Hookline is paused)',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('Paused', 'SampleCount') },
    periodSeconds: 600,
    threshold: 1,
    comparison: '<',
    periods: 2,
    missing: { treat: 'breaching', why: 'That there is no data is what this alarm is about.' },
    runbook: {
      causes: [
        'The stage was deployed a few minutes ago, and the first pulse is yet to come: it ends by itself.',
        'The pulse function crashes, or cannot read the state table.',
        'Its schedule is disabled, or the function was deleted.',
      ],
      steps: [
        'Run `Crashes`.',
        'Console, EventBridge: is the rule enabled that takes the pulse? `npx cdk drift Hookline-STAGE-Service` shows what was changed by hand; put it back there, for a deploy of the same template changes nothing.',
        'Until it is mended, look yourself: `npx hookline status`.',
      ],
      queries: ['Crashes'],
    },
  },
  {
    name: 'PausedLong',
    severity: 'P3',
    impact: 'Hookline has been paused for a day: nothing is published, and what is delivered is kept for 14 days only.',
    watched: '1 while Hookline is paused, else 0',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('Paused', 'Minimum') },
    periodSeconds: 3600,
    threshold: 1,
    comparison: '>=',
    periods: 24,
    missing: { treat: 'notBreaching', why: 'It is told every five minutes; that it is not has an alarm of its own.' },
    runbook: {
      causes: ['Somebody paused it and forgot.'],
      steps: [
        '`npx hookline status` shows who paused it, when, and why.',
        '`npx hookline resume`. It drains within the budget, and the next sweep covers the time of the pause.',
      ],
    },
  },
]
