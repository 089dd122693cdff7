import type { CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import { METRIC_NAMESPACE, metricDimensions } from '../../core/platform/names.ts'
import type { AlarmRow, Resource, Signal, Statistic } from './alarm.ts'

/** The stack's own names of what AWS measures by itself; undefined for what this stage has not. */
export type Watched = Readonly<Record<Exclude<Resource, 'failedStandupQueue'>, string>> & {
  readonly failedStandupQueue?: string | undefined
}

const DIMENSIONS = {
  verifier: 'FunctionName',
  consumer: 'FunctionName',
  deliveriesQueue: 'QueueName',
  quarantineQueue: 'QueueName',
  failedJobsQueue: 'QueueName',
  failedGuardJobsQueue: 'QueueName',
  failedStandupQueue: 'QueueName',
  ledgerTable: 'TableName',
  tasksTable: 'TableName',
  stateTable: 'TableName',
} as const satisfies Record<Resource, string>

/** The metric of a signal, as CloudWatch names it. */
export function metricOf(signal: Signal, stage: string, watched: Watched) {
  const dimensions = signal.kind === 'ours' ? metricDimensions(stage) : dimensionsOf(signal, watched)
  return {
    namespace: signal.kind === 'ours' ? METRIC_NAMESPACE : signal.namespace,
    metricName: signal.metric,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
  }
}

function dimensionsOf({ of, index }: Extract<Signal, { kind: 'aws' }>, watched: Watched): Record<string, string> {
  const name = watched[of]
  if (name === undefined) throw new Error(`This stage has no ${of}: what looks at it has to say what it needs.`)
  return { [DIMENSIONS[of]]: name, ...(index !== undefined && { GlobalSecondaryIndexName: index }) }
}

/** The part of an alarm that says what it looks at. Every signal of an expression has the row's one period, as CloudWatch demands. */
export function watchOf(
  { watches, periodSeconds, watched: label }: AlarmRow,
  stage: string,
  watched: Watched,
): Partial<CfnAlarmProps> {
  if (watches.kind === 'signal') {
    const { signal } = watches
    return { ...metricOf(signal, stage, watched), ...statisticOf(signal.statistic), period: periodSeconds }
  }
  const signals = Object.entries(watches.signals).map(([id, signal]) => ({
    id,
    metricStat: { metric: metricOf(signal, stage, watched), period: periodSeconds, stat: signal.statistic },
    returnData: false,
  }))
  return { metrics: [{ id: 'watched', expression: watches.expression, label, returnData: true }, ...signals] }
}

/** CloudFormation has a property for percentiles, and one for everything else. */
const statisticOf = (statistic: Statistic): Pick<CfnAlarmProps, 'statistic' | 'extendedStatistic'> =>
  /^p\d/.test(statistic) ? { extendedStatistic: statistic } : { statistic }
