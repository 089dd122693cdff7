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

/** What DynamoDB says of a table. */
export const dynamodb = (metric: 'ReadThrottleEvents' | 'WriteThrottleEvents', of: Resource): Signal => ({
  ...{ kind: 'aws', namespace: 'AWS/DynamoDB', metric, of, statistic: 'Sum' },
})
