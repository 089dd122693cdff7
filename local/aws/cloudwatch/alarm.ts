import type { MetricName } from './metric.ts'

export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const
export type AlarmState = (typeof ALARM_STATES)[number]

export const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const
type Treatment = (typeof TREATMENTS)[number]

export const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const
export type Comparison = keyof typeof COMPARISONS

/** One statistic of one metric. */
export type MetricStat = { metric: MetricName; statistic: string }

/** A time series by its id: of a metric, or of an expression over other ids. */
export type Query = { id: string } & ({ kind: 'metric'; stat: MetricStat } | { kind: 'expression'; expression: string })

/** What an alarm watches; the same whether it stands in a template or was put by a call. */
export type AlarmDefinition = {
  name: string
  arn: string
  description: string
  queries: readonly Query[]
  /** The id of the query that is compared with the threshold. */
  watched: string
  periodSeconds: number
  comparison: Comparison
  threshold: number
  /** Periods that are looked at, and how many of them have to be bad. */
  evaluationPeriods: number
  datapointsToAlarm: number
  treatMissingData: Treatment
  actionsEnabled: boolean
  /** ARNs, by the state that they are for. */
  actions: Readonly<Record<AlarmState, readonly string[]>>
}
