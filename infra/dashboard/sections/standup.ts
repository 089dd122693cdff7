import type { Part } from '../../alarms/alarm.ts'
import { COLOURS, highest, type Row, sum, type Widget } from '../widget.ts'

const { good, warning, bad, plain } = COLOURS

const FAILED: Widget = {
  ...{ kind: 'graph', title: 'Summaries and recipes that failed', width: 6 },
  series: [
    {
      ...{
        kind: 'aws',
        namespace: 'AWS/SQS',
        metric: 'ApproximateNumberOfMessagesVisible',
        of: 'failedStandupQueue',
      },
      ...{ statistic: 'Maximum', label: 'messages', colour: bad },
    },
  ],
}

const OF_THE_MODEL: readonly Widget[] = [
  {
    ...{ kind: 'graph', title: 'Cost of the model', width: 6, unit: 'millionths of a US$' },
    series: [sum('ModelCost', 'cost', plain)],
  },
  { ...{ kind: 'graph', title: 'Tokens of the model', width: 6 }, series: [sum('ModelTokens', 'in and out', good)] },
  {
    ...{ kind: 'graph', title: 'Failures of the model in a row', width: 6 },
    series: [highest('ModelFailuresInARow', 'failures', warning)],
  },
]

/** Summaries and recipes, where a stage has them, and the model, where it has one. */
export const standupRows = (parts: ReadonlySet<Part>): readonly Row[] =>
  parts.has('standup')
    ? [
        {
          height: 1,
          widgets: [{ kind: 'text', width: 24, markdown: '## Summaries and recipes: `npx hookline standup`' }],
        },
        { height: 6, widgets: [...(parts.has('model') ? OF_THE_MODEL : []), FAILED] },
      ]
    : []
