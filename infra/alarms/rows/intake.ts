import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

/** What comes in. */
export const INTAKE: readonly AlarmRow[] = [
  {
    name: 'RefusedSignatures',
    severity: 'P2',
    impact:
      'Deliveries with a wrong signature are refused: somebody forges them, or our secret is not the one of ClickUp.',
    watched: 'deliveries with a wrong signature',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('RefusedSignature', 'Sum') },
    periodSeconds: 300,
    threshold: 5,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: 'It is counted when it happens, and normally it does not.' },
    runbook: {
      causes: [
        'The stored signing secret is not the one of the webhook: somebody made the webhook anew by hand, or changed the secret.',
        'Somebody found the address and tries. Without the secret nothing gets in.',
        'A proxy before the API changes the body.',
      ],
      steps: [
        "Run `RefusedCallers`. Addresses that send nothing else are forgers; the same addresses as the accepted deliveries' are ClickUp.",
        'ClickUp: `npx hookline connect` compares the secret with the one that ClickUp lists, and mends it; the guard does so every five minutes as well. Then `npx hookline sync`.',
        'Forgers: it costs next to nothing. `throttling` bounds it. ClickUp has no fixed addresses, so no list of allowed ones can be made.',
        'If the secret may be known to others: `npx hookline rotate signing`.',
      ],
      queries: ['RefusedDeliveries', 'RefusedCallers'],
    },
  },
  {
    name: 'NoDeliveries',
    severity: 'P2',
    impact: 'ClickUp has delivered nothing for hours of working time: changes come late, by the sweep alone.',
    watched: 'working time without a delivery, while Hookline is not paused',
    unit: 'milliseconds',
    watches: {
      kind: 'expression',
      // The consumer notes what is delivered, and in a pause nobody gives it anything. Both come in one line of the pulse.
      expression: 'IF(paused > 0, 0, quiet)',
      signals: { paused: ours('Paused', 'Maximum'), quiet: ours('QuietMs', 'Maximum') },
    },
    periodSeconds: 600,
    threshold: 4 * 3_600_000,
    comparison: '>',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'Where no connection listens nothing is measured; that the pulse is gone has an alarm of its own.',
    },
    runbook: {
      causes: [
        'Nobody worked: a holiday that is not in `reports.holidays`.',
        "The webhook is active and silent: its user is disabled, or not a member of the space any more. ClickUp's list still calls it active.",
        'Every delivery is refused or filtered: a filter in `hookline.config.ts` that matches nothing.',
      ],
      steps: [
        'Change a task in ClickUp, and watch `npx hookline changes --since 5m`.',
        '`npx hookline status`: the webhooks, and whether the last sweeps repaired something. Repairs without deliveries mean that the webhook is silent.',
        'Run `RefusedDeliveries` and `IgnoredDeliveries`: they show what came and was not taken.',
        'A silent webhook: is its user still active and a member? `npx hookline rotate token --takeover` makes the webhooks of another user; `npx hookline rotate signing` makes another of the same.',
        'A holiday: put it into `reports.holidays`. A team with long silences: raise `alarms.thresholds.NoDeliveries`.',
      ],
      queries: ['RefusedDeliveries', 'IgnoredDeliveries', 'SweepRepairs'],
    },
  },
]
