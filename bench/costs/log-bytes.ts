import { countDecision, logDecision } from '../../core/ingest/decision.ts'
import { createLogger } from '../../core/platform/log.ts'
import { createMetrics } from '../../core/platform/metrics.ts'
import type { Line } from '../../local/virtual/telemetry.ts'

/** CloudWatch bills so many bytes for each line beside its text: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const OVERHEAD = 26
/** What Lambda itself writes of an invocation at level INFO: a start and a report, each with a request id. About. */
export const PLATFORM_BYTES = 160 + 250 + 2 * OVERHEAD
/** A delivery's line in the access log of the API. About. */
export const ACCESS_BYTES = 440 + OVERHEAD

const log = createLogger('consumer')

/** A line as a function's logger writes it. */
export const bytesOf = ({ level, message, fields }: Line): number => written(() => log[level](message, fields))

/** The line of metrics that a verifier writes of a delivery. */
export const VERIFIER_METRICS_BYTES = written(() => {
  const metrics = createMetrics('prod')
  metrics.count('DeliveriesAccepted')
  metrics.milliseconds('AcknowledgeMs', 12.5)
  metrics.flush()
})

/** All lines of a delivery that the filter drops: the API's, Lambda's, and the verifier's metrics and decision. */
export const FILTERED_BYTES =
  written(() => {
    const metrics = createMetrics('prod')
    const decision = { kind: 'filtered', event: 'taskCommentPosted', resource: 'task/86c2k4x7q' } as const
    countDecision(decision, 12.5, metrics)
    metrics.flush()
    const seen = { connection: 'main', slot: 'a', deliveryId: 'JKJaXmPLvHcESHA=', bytes: 1_024, ms: 12.5 }
    logDecision(decision, seen, createLogger('verifier'))
  }) +
  ACCESS_BYTES +
  PLATFORM_BYTES

/** The line of metrics that a consumer writes of a batch: what usually is in it, with a value for each of a few changes. */
export const CONSUMER_METRICS_BYTES = written(() => {
  const metrics = createMetrics('prod')
  metrics.count('MessagesReceived', 4)
  for (let change = 0; change < 2; change++) {
    metrics.milliseconds('DeliveryAgeMs', 123.4)
    metrics.count('ChangesPublished')
    metrics.milliseconds('EndToEndMs', 567.8)
    metrics.count('ChangesDuplicate')
  }
  metrics.count('ApiCalls')
  metrics.milliseconds('ApiMs', 275)
  metrics.percent('BudgetRemainingPercent', 87)
  metrics.flush()
})

/** Bytes that would land on standard output, as CloudWatch counts them. */
function written(act: () => void): number {
  let bytes = 0
  const { write } = process.stdout
  process.stdout.write = (chunk: string | Uint8Array) => {
    bytes += Buffer.byteLength(chunk) + OVERHEAD
    return true
  }
  try {
    act()
  } finally {
    process.stdout.write = write
  }
  return bytes
}
