import { COLOURS, highest, lowest, type Row, sum } from '../widget.ts'

const { good, warning, bad, plain } = COLOURS

/** ClickUp's API as it treats us, and its webhooks. */
export const CLICKUP: readonly Row[] = [
  {
    height: 1,
    widgets: [{ kind: 'text', width: 24, markdown: '## ClickUp: its API, the budget of calls, and the webhooks' }],
  },
  {
    height: 6,
    widgets: [
      {
        ...{ kind: 'graph', title: 'Left of the budget of calls', width: 6, unit: '%' },
        series: [lowest('BudgetRemainingPercent', 'least', warning)],
      },
      {
        ...{ kind: 'graph', title: 'Calls and what is wrong with them', width: 6 },
        series: [
          sum('ApiCalls', 'calls', plain),
          sum('ApiErrors', 'without an answer', warning),
          sum('ApiServerErrors', '5xx', bad),
          sum('RateLimited', 'rate limited', COLOURS.muted),
        ],
      },
      {
        ...{ kind: 'graph', title: 'Refusals', width: 6 },
        series: [
          sum('TokenDead', 'token refused', bad),
          sum('ApiNoAccess', 'no access', warning),
          sum('AnswersUnreadable', 'unreadable', COLOURS.muted),
        ],
      },
      {
        ...{ kind: 'graph', title: 'Webhooks', width: 6 },
        series: [
          highest('WebhookFailCount', 'given up by ClickUp in a row', warning),
          highest('WebhooksBroken', 'broken', bad),
          highest('ClickUpIncident', 'ClickUp tells of an incident', plain),
        ],
      },
    ],
  },
  {
    height: 6,
    widgets: [
      {
        ...{ kind: 'graph', title: 'Age of the watermark', width: 6, unit: 'ms' },
        series: [highest('WatermarkAgeMs', 'everything before is in the ledger', plain)],
      },
      {
        ...{ kind: 'graph', title: 'Repaired by sweeps', width: 6 },
        series: [
          sum('SweepRepairs', 'never delivered', warning),
          highest('SweepRepairsUnusual', 'more than usual', bad),
          sum('SweepsCompleted', 'sweeps', good),
          sum('CensusHalted', 'census halted', COLOURS.muted),
        ],
      },
      {
        ...{ kind: 'graph', title: 'Quarantine', width: 6 },
        series: [
          {
            ...{
              kind: 'aws',
              namespace: 'AWS/SQS',
              metric: 'ApproximateNumberOfMessagesVisible',
              of: 'quarantineQueue',
            },
            ...{ statistic: 'Maximum', label: 'messages', colour: bad },
          },
        ],
      },
      {
        ...{ kind: 'graph', title: 'Working time without a delivery', width: 6, unit: 'ms' },
        series: [highest('QuietMs', 'quiet', plain)],
      },
    ],
  },
]
