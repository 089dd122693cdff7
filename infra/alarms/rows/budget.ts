import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

/** How many calls to ClickUp are left. */
export const BUDGET: readonly AlarmRow[] = [
  {
    name: 'RateLimited',
    severity: 'P2',
    impact: 'ClickUp refuses calls because there were too many: reads wait for the next minute, and changes come late.',
    watched: 'calls answered 429',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('RateLimited', 'Sum') },
    periodSeconds: 60,
    threshold: 5,
    comparison: '>',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'It is counted when it happens, and the shared budget is there so that it does not.',
    },
    runbook: {
      causes: [
        'Somebody else uses the same token: a script, an integration, another stage. The limit belongs to the token.',
        'The plan of the workspace was changed to one with a smaller limit.',
        '`connections[].callsPerMinute` says more than the plan allows.',
      ],
      steps: [
        'Run `BudgetUse`: our own calls by the minute. As `npx hookline status` shows what is left of how many, the rest are those of others.',
        'Find who else uses the token, and give them one of their own. If that cannot be, set `connections[].callsPerMinute` to what is left for Hookline, and deploy.',
        'Another stage: each needs a token of its own; `npx hookline doctor` refuses a shared one.',
      ],
      queries: ['BudgetUse', 'ApiFaults'],
    },
  },
  {
    name: 'BudgetSpent',
    severity: 'P2',
    impact: 'Not one call to ClickUp is left in the minute: reads wait, and changes come late.',
    watched: 'the least that was left of the calls of a minute',
    unit: 'percent',
    watches: { kind: 'signal', signal: ours('BudgetRemainingPercent', 'Minimum') },
    periodSeconds: 60,
    threshold: 0,
    comparison: '<=',
    periods: 5,
    bad: 3,
    missing: { treat: 'notBreaching', why: 'Who does not call uses up nothing.' },
    runbook: {
      causes: [
        'Others use the token. Hookline keeps a reserve and does not go down to zero by itself.',
        'A large backfill or storm beside somebody else who takes the rest.',
      ],
      steps: [
        'As for [RateLimited](#ratelimited): find who else uses the token.',
        'Is a backfill running (`npx hookline status`)? It stops first when the budget is short, so it is hardly the cause.',
        'If this comes daily and all calls are ours, the plan is too small: [tuning.md](tuning.md) has the table by volume.',
      ],
      queries: ['BudgetUse', 'LatencyPerEndpoint'],
    },
  },
  {
    name: 'BudgetLow',
    severity: 'P3',
    impact: 'Hardly any call to ClickUp is left in each minute: a further storm would make changes late.',
    watched: 'the least that was left of the calls of a minute',
    unit: 'percent',
    watches: { kind: 'signal', signal: ours('BudgetRemainingPercent', 'Minimum') },
    periodSeconds: 300,
    threshold: 10,
    comparison: '<',
    periods: 3,
    missing: { treat: 'notBreaching', why: 'Who does not call uses up nothing.' },
    runbook: {
      causes: [
        'A bulk edit in ClickUp, an import, or a backfill: normal, and over in minutes.',
        'The team has grown beyond the plan.',
      ],
      steps: [
        'Nothing at once. `BudgetUse` shows which of our functions and lanes make the calls.',
        'If it is there every day, see [tuning.md](tuning.md): a higher plan, or fewer things to read by `connections[].filter`.',
      ],
      queries: ['BudgetUse', 'Deferrals'],
    },
  },
]
