import type { METRICS } from '../../core/platform/metrics.ts'
import type { Resource, Signal, Statistic } from './alarm.ts'

/** A metric of ours: one for the whole stage. */
export const ours = (metric: keyof typeof METRICS, statistic: Statistic): Signal => ({
  kind: 'ours',
  metric,
  statistic,
})

/** What Lambda says of a function, in all its versions. */
export const lambda = (metric: 'Errors' | 'Throttles', of: Resource): Signal => ({
  ...{ kind: 'aws', namespace: 'AWS/Lambda', metric, of, statistic: 'Sum' },
})

/** What SQS says of a queue. */
export const sqs = (
  metric: 'ApproximateNumberOfMessagesVisible' | 'ApproximateAgeOfOldestMessage',
  of: Resource,
): Signal => ({ ...{ kind: 'aws', namespace: 'AWS/SQS', metric, of, statistic: 'Maximum' } })

/**
 * What DynamoDB says of a table, or of one of its indexes: what it says of a table leaves the indexes out.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export const dynamodb = (
  metric: 'ReadThrottleEvents' | 'WriteThrottleEvents',
  of: Resource,
  index?: { index: string },
): Signal => ({ ...{ kind: 'aws', namespace: 'AWS/DynamoDB', metric, of, statistic: 'Sum' }, ...index })
