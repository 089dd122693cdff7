import type { JsonObject } from '../call.ts'
import type { MetricStat, Query } from './alarm.ts'
import type { KnownAlarm } from './service.ts'

const metricOf = ({ metric, statistic }: MetricStat, period: number) => ({
  Metric: {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: dimensionsOf(metric.dimensions),
  },
  Period: period,
  Stat: statistic,
})

const dimensionsOf = (dimensions: Readonly<Record<string, string>>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))

/** The one metric stands at the top, several of them (an expression) in a list of their own. */
function watchedBy(queries: readonly Query[], watched: string, period: number): JsonObject {
  const [only] = queries
  if (queries.length === 1 && only?.kind === 'metric') {
    const { metric, statistic } = only.stat
    const named = { Namespace: metric.namespace, MetricName: metric.name, Dimensions: dimensionsOf(metric.dimensions) }
    const by = statistic.startsWith('p') ? { ExtendedStatistic: statistic } : { Statistic: statistic }
    return { ...named, ...by, Period: period }
  }
  return {
    Metrics: queries.map((query) => ({
      Id: query.id,
      ...(query.kind === 'metric' ? { MetricStat: metricOf(query.stat, period) } : { Expression: query.expression }),
      ReturnData: query.id === watched,
    })),
  }
}

/** An alarm as `DescribeAlarms` tells it. */
export function describeAlarm({ alarm, state, reason, since }: KnownAlarm): JsonObject {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: since / 1_000,
    ...watchedBy(alarm.queries, alarm.watched, alarm.periodSeconds),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
  }
}
