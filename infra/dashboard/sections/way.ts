import { COLOURS, percentiles, type Row, sum } from '../widget.ts'

const { good, muted, warning, bad, plain } = COLOURS

/** The way of a change, from left to right: where it narrows, something is held up. */
export const WAY: readonly Row[] = [
  {
    height: 2,
    widgets: [
      {
        kind: 'text',
        width: 24,
        markdown:
          '## The way of a change\n**1 delivered** ▶ **2 accepted** ▶ **3 queued** ▶ **4 received** ▶ **5 expanded** ▶ **6 published** · ' +
          'ClickUp sends about two deliveries for each change, so what is published is about half of what is delivered.',
      },
    ],
  },
  {
    height: 6,
    widgets: [
      {
        ...{ kind: 'graph', title: '1 delivered ▶', width: 4 },
        series: [
          {
            kind: 'aws',
            namespace: 'AWS/ApiGateway',
            metric: 'Count',
            of: 'api',
            statistic: 'Sum',
            label: 'requests',
            colour: plain,
          },
          {
            kind: 'aws',
            namespace: 'AWS/ApiGateway',
            metric: '4xx',
            of: 'api',
            statistic: 'Sum',
            label: '4xx',
            colour: warning,
          },
          {
            kind: 'aws',
            namespace: 'AWS/ApiGateway',
            metric: '5xx',
            of: 'api',
            statistic: 'Sum',
            label: '5xx',
            colour: bad,
          },
        ],
      },
      {
        ...{ kind: 'graph', title: '2 accepted ▶', width: 4 },
        series: [
          sum('DeliveriesAccepted', 'accepted', good),
          sum('DeliveriesFiltered', 'filtered', muted),
          sum('DeliveriesRefused', 'refused', warning),
          sum('DeliveriesUnavailable', 'answered 503', bad),
        ],
      },
      {
        ...{ kind: 'graph', title: '3 queued ▶', width: 4 },
        series: [
          {
            ...{
              kind: 'aws',
              namespace: 'AWS/SQS',
              metric: 'ApproximateNumberOfMessagesVisible',
              of: 'deliveriesQueue',
            },
            ...{ statistic: 'Maximum', label: 'waiting', colour: plain },
          },
          {
            ...{
              kind: 'aws',
              namespace: 'AWS/SQS',
              metric: 'ApproximateNumberOfMessagesDelayed',
              of: 'deliveriesQueue',
            },
            ...{ statistic: 'Maximum', label: 'put off', colour: muted },
          },
        ],
      },
      {
        ...{ kind: 'graph', title: '4 received ▶', width: 4 },
        series: [
          sum('MessagesReceived', 'messages', plain),
          sum('ChangesDeferred', 'put off', muted),
          sum('MessagesFailed', 'failed', bad),
        ],
      },
      {
        ...{ kind: 'graph', title: '5 expanded ▶', width: 4 },
        series: [sum('ApiCalls', 'calls to ClickUp', plain), sum('ChangesDegraded', 'without their task', warning)],
      },
      {
        ...{ kind: 'graph', title: '6 published', width: 4 },
        series: [
          sum('ChangesPublished', 'published', good),
          sum('ChangesDuplicate', 'told twice', muted),
          sum('ChangesDropped', 'of nobody’s interest', warning),
          sum('MessagesQuarantined', 'set aside', bad),
        ],
      },
    ],
  },
  {
    height: 6,
    widgets: [
      {
        kind: 'graph',
        title: 'ClickUp waits for our answer',
        width: 6,
        unit: 'ms',
        series: percentiles('AcknowledgeMs'),
      },
      {
        kind: 'graph',
        title: 'Age of a delivery when work begins',
        width: 6,
        unit: 'ms',
        series: percentiles('DeliveryAgeMs', 'p90'),
      },
      { kind: 'graph', title: 'From delivery to publication', width: 6, unit: 'ms', series: percentiles('EndToEndMs') },
      { kind: 'graph', title: 'We wait for ClickUp', width: 6, unit: 'ms', series: percentiles('ApiMs') },
    ],
  },
]
