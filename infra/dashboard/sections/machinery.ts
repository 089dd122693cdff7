import { COLOURS, highest, type Row, type Series, sum } from '../widget.ts'

const units = (of: 'ledgerTable' | 'tasksTable' | 'stateTable', label: string): Series => ({
  ...{ kind: 'aws', namespace: 'AWS/DynamoDB', metric: 'ConsumedWriteCapacityUnits', of, statistic: 'Sum', label },
})

/** The functions, the secrets, and what drives the bill. */
export const MACHINERY: readonly Row[] = [
  {
    height: 1,
    widgets: [
      { kind: 'text', width: 24, markdown: '## What runs, and what it costs: `npx hookline cost --events-per-day N`' },
    ],
  },
  {
    height: 6,
    widgets: [
      {
        kind: 'graph',
        title: 'Functions: errors',
        width: 8,
        series: [{ kind: 'functions', what: 'errors', label: '' }],
      },
      {
        kind: 'graph',
        title: 'Functions: duration, p99',
        width: 8,
        unit: 'ms',
        series: [{ kind: 'functions', what: 'p99', label: '' }],
      },
      {
        ...{ kind: 'graph', title: 'Secrets and pauses', width: 8 },
        series: [
          sum('RotationsFailed', 'rotations failed', COLOURS.bad),
          highest('Paused', 'paused', COLOURS.muted),
          { ...highest('TokenAgeMs', 'age of the token, ms', COLOURS.plain), right: true },
        ],
      },
    ],
  },
  {
    height: 6,
    widgets: [
      {
        ...{ kind: 'graph', title: 'Cost: requests to the API', width: 6, stacked: true },
        series: [
          { kind: 'aws', namespace: 'AWS/ApiGateway', metric: 'Count', of: 'api', statistic: 'Sum', label: 'requests' },
        ],
      },
      {
        ...{ kind: 'graph', title: 'Cost: GB-seconds of the functions', width: 6, stacked: true },
        series: [{ kind: 'functions', what: 'gbSeconds', label: '' }],
      },
      {
        ...{ kind: 'graph', title: 'Cost: write units of the tables', width: 6, stacked: true },
        series: [units('ledgerTable', 'ledger'), units('tasksTable', 'tasks'), units('stateTable', 'state')],
      },
      {
        ...{ kind: 'graph', title: 'Cost: bytes of logs', width: 6, stacked: true },
        series: [{ kind: 'functions', what: 'logBytes', label: '' }],
      },
    ],
  },
]
