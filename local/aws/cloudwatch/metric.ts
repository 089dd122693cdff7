/** What tells one metric from another: each combination of dimensions is a metric of its own. */
export type MetricName = { namespace: string; name: string; dimensions: Readonly<Record<string, string>> }

/** Values of one metric at one time, as CloudWatch gets them: from a line of a log, or from a service by itself. */
export type Datum = MetricName & {
  unit: string
  /** ms since 1970 */
  at: number
  values: readonly { value: number; count: number }[]
}

/** The same text for the same metric, whatever the order of its dimensions. */
export const metricKey = ({ namespace, name, dimensions }: MetricName): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))])
