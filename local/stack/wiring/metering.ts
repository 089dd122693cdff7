import type { Clock } from '../../../core/platform/clock.ts'
import type { CloudWatch } from '../../aws/cloudwatch/service.ts'
import type { QueueContent } from '../../aws/sqs/fauxqs.ts'
import type { InvokeOutcome } from '../lambda/outcome.ts'

/*
 * What AWS publishes by itself of this stack. An alarm on any other metric is refused, because it would never be anything but
 * without data here.
 */
export const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['Invocations', 'Errors', 'Throttles', 'Duration'],
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  'AWS/SQS': [
    'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateAgeOfOldestMessage',
  ],
  'AWS/DynamoDB': ['ReadThrottleEvents', 'WriteThrottleEvents', 'ThrottledRequests'],
}

type Metering = { cloudwatch: CloudWatch; clock: Clock }

type Figures = Readonly<Record<string, { value: number; unit: string }>>

function publish(
  { cloudwatch, clock }: Metering,
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  figures: Figures,
): void {
  for (const [name, { value, unit }] of Object.entries(figures))
    cloudwatch.put({ namespace, name, dimensions, unit, at: clock.now(), values: [{ value, count: 1 }] })
}

const count = (value: number) => ({ value, unit: 'Count' })

/** A function's metrics, of all its versions together. */
export function meterInvocations<Given extends unknown[]>(
  metering: Metering,
  name: string,
  invoke: (...given: Given) => Promise<InvokeOutcome>,
) {
  return async (...given: Given): Promise<InvokeOutcome> => {
    const began = metering.clock.now()
    const outcome = await invoke(...given)
    const figures: Figures =
      outcome.kind === 'throttled'
        ? // What is throttled is no invocation.
          { Throttles: count(1) }
        : {
            Invocations: count(1),
            Errors: count(outcome.kind === 'failed' ? 1 : 0),
            Throttles: count(0),
            Duration: { value: metering.clock.now() - began, unit: 'Milliseconds' },
          }
    publish(metering, 'AWS/Lambda', { FunctionName: name }, figures)
    return outcome
  }
}

/** Each answer of the API, whoever gave it. */
export const meterAnswers = (metering: Metering, apiId: string) => (status: number, latencyMs: number) =>
  publish(
    metering,
    'AWS/ApiGateway',
    { ApiId: apiId },
    {
      Count: count(1),
      '4xx': count(status >= 400 && status < 500 ? 1 : 0),
      '5xx': count(status >= 500 ? 1 : 0),
      Latency: { value: latencyMs, unit: 'Milliseconds' },
    },
  )

/** What a queue holds, as SQS tells it of itself every minute. */
export const meterQueue = (metering: Metering, name: string, { visible, inFlight, oldestAt }: QueueContent) =>
  publish(
    metering,
    'AWS/SQS',
    { QueueName: name },
    {
      ApproximateNumberOfMessagesVisible: count(visible),
      ApproximateNumberOfMessagesNotVisible: count(inFlight),
      ApproximateAgeOfOldestMessage: {
        value: oldestAt === null ? 0 : Math.max(0, Math.round((metering.clock.now() - oldestAt) / 1_000)),
        unit: 'Seconds',
      },
    },
  )
