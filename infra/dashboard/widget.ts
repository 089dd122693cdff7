import type { METRICS } from '../../core/platform/metrics.ts'
import type { Resource, Statistic } from '../alarms/alarm.ts'

/** One line of a graph. */
export type Series = { label: string; colour?: string; right?: boolean } & (
  | { kind: 'ours'; metric: keyof typeof METRICS; statistic: Statistic }
  /** What AWS says of a resource by itself. */
  | { kind: 'aws'; namespace: string; metric: string; of: Resource | 'api'; statistic: Statistic }
  /** The same of every function, or of each one's log group: the stack knows them. */
  | { kind: 'functions'; what: 'gbSeconds' | 'errors' | 'p99' | 'logBytes' }
)

/** A widget as it is planned: where it stands follows from its row. */
export type Widget =
  | {
      kind: 'graph'
      title: string
      width: number
      series: readonly Series[]
      stacked?: true
      unit?: string
    }
  | { kind: 'text'; width: number; markdown: string }
  /** The state of every alarm. */
  | { kind: 'alarms'; title: string; width: number }

/** Widgets side by side, from left to right. */
export type Row = { height: number; widgets: readonly Widget[] }

/** How wide a dashboard is: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const COLUMNS = 24

export const COLOURS = {
  good: '#2ca02c',
  muted: '#7f7f7f',
  warning: '#ff7f0e',
  bad: '#d62728',
  plain: '#1f77b4',
} as const

const ours = (metric: keyof typeof METRICS, statistic: Statistic, label: string, colour?: string): Series => ({
  ...{ kind: 'ours', metric, statistic, label },
  ...(colour === undefined ? {} : { colour }),
})

/** How often something was counted in five minutes. */
export const sum = (metric: keyof typeof METRICS, label: string, colour?: string) => ours(metric, 'Sum', label, colour)
export const highest = (metric: keyof typeof METRICS, label: string, colour?: string) =>
  ours(metric, 'Maximum', label, colour)
export const lowest = (metric: keyof typeof METRICS, label: string, colour?: string) =>
  ours(metric, 'Minimum', label, colour)

/** Three percentiles, which tell a usual wait from a rare one; the middle one as an alarm has it, where one watches. */
export const percentiles = (metric: keyof typeof METRICS, middle: Statistic & `p${number}` = 'p95'): Series[] => [
  ours(metric, 'p50', 'p50', COLOURS.good),
  ours(metric, middle, middle, COLOURS.warning),
  ours(metric, 'p99', 'p99', COLOURS.bad),
]
