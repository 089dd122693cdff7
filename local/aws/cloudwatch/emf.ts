import * as z from 'zod'
import type { Datum } from './metric.ts'

/** Limits of the specification; a line beyond them makes no metric where it is deployed. */
const MAX_VALUES = 100
const MAX_METRICS = 100
const MAX_DIMENSIONS = 30

const directiveSchema = z.looseObject({
  Namespace: z.string().min(1),
  Dimensions: z.array(z.array(z.string()).max(MAX_DIMENSIONS)),
  Metrics: z.array(z.looseObject({ Name: z.string().min(1), Unit: z.string().default('None') })).max(MAX_METRICS),
})
const lineSchema = z.looseObject({
  _aws: z.looseObject({ Timestamp: z.number().int(), CloudWatchMetrics: z.array(directiveSchema) }),
})
const valuesSchema = z.union([z.number(), z.array(z.number()).max(MAX_VALUES)]).transform((given) => [given].flat())

/**
 * What CloudWatch makes of a line of a log: nothing, unless it is in the embedded metric format. Each directive gives each of
 * its metrics once for each of its sets of dimensions; a metric or a dimension that the line does not hold is left out.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function dataInLine(line: string): Datum[] {
  // Most lines are none, and reading them all as JSON would cost more than all the rest.
  if (!line.includes('"_aws"')) return []
  const parsed = lineSchema.safeParse(jsonIn(line))
  if (!parsed.success) return []
  const { _aws: aws, ...members } = parsed.data
  return aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name, Unit: unit }) => {
      const given = valuesSchema.safeParse(members[name])
      if (!given.success) return []
      const values = given.data.map((value) => ({ value, count: 1 }))
      return Dimensions.map((keys) => dimensionsOf(keys, members))
        .filter((dimensions) => dimensions !== null)
        .map((dimensions) => ({ namespace, name, dimensions, unit, at: aws.Timestamp, values }))
    }),
  )
}

function dimensionsOf(keys: readonly string[], members: Record<string, unknown>): Record<string, string> | null {
  const values = keys.map((key) => members[key])
  return values.every((value) => typeof value === 'string')
    ? Object.fromEntries(keys.map((key, at) => [key, values[at] ?? '']))
    : null
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
