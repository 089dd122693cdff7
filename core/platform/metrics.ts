import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import { METRIC_NAMESPACE } from './names.ts'

/**
 * Every metric and its unit. A custom metric is billed per name and per combination of dimensions, so there are at most
 * 40 in all, with no dimension but the service and the stage; what else one wants to know is in the logs.
 */
export const METRICS = {
  // Verifier: every delivery is either accepted, refused, filtered, or the fault was ours.
  DeliveriesAccepted: 'Count',
  DeliveriesRefused: 'Count',
  DeliveriesFiltered: 'Count',
  // Why it was refused; together they are DeliveriesRefused.
  RefusedSignature: 'Count',
  RefusedUnknownSlot: 'Count',
  RefusedShape: 'Count',
  RefusedTooLarge: 'Count',
  /** The time ClickUp waited for our answer, for deliveries that it did sign. */
  AcknowledgeMs: 'Milliseconds',
  QueueRefused: 'Count',
  SecretUnavailable: 'Count',
  SecretRefetched: 'Count',

  // Consumer.
  ChangesPublished: 'Count',
  ChangesDuplicate: 'Count',
  ChangesDeferred: 'Count',
  ChangesBusy: 'Count',
  /** Of tasks in lists and spaces that nobody wants. */
  ChangesDropped: 'Count',
  /** Published without the task, and the tasks that followed at last. */
  ChangesDegraded: 'Count',
  TasksExpandedLate: 'Count',
  MessagesQuarantined: 'Count',
  MessagesFailed: 'Count',
  ApiCalls: 'Count',
  ApiErrors: 'Count',
  ReadsElided: 'Count',
  ReadsCoalesced: 'Count',
  /** Brought by listings as news. */
  TasksListed: 'Count',
  /** Tasks and time entries in a listing, in a form that could not be read or that cannot be. */
  AnswersUnreadable: 'Count',
  SnapshotsWritten: 'Count',
  /** Now less `receivedAt` when work on a message begins: deferral resets the queue's own age, not this one. */
  DeliveryAgeMs: 'Milliseconds',
  /** `receivedAt` to published. */
  EndToEndMs: 'Milliseconds',
  /** ClickUp refuses the token: calls that it refused, and batches that were put off because it had. */
  TokenDead: 'Count',
  /** Batches that were put off because ClickUp was down. */
  ClickUpDown: 'Count',
  RateLimited: 'Count',
  /** Answers whose rate headers were missing, negative or absurd. */
  RateHeadersIgnored: 'Count',

  // Sync and guard.
  /** Sweeps that came to their end: none for long means that nothing is repaired. */
  SweepsCompleted: 'Count',
  /** Changes that were never delivered and that a sweep has found; and by how many they were more than usual in a week. */
  SweepRepairs: 'Count',
  SweepRepairsUnusual: 'Count',
  /** Now less the time before which everything recoverable is in the ledger. */
  WatermarkAgeMs: 'Milliseconds',
  /** A census found so many tasks deleted at once that it published nothing. */
  CensusHalted: 'Count',
  RotationsFailed: 'Count',
  /** Since the token in use was brought: the oldest of all connections is what counts. */
  TokenAgeMs: 'Milliseconds',
} as const satisfies Record<string, 'Count' | 'Milliseconds'>

type MetricName = keyof typeof METRICS
type NamesOf<Unit> = { [Name in MetricName]: (typeof METRICS)[Name] extends Unit ? Name : never }[MetricName]
export type CountName = NamesOf<'Count'>
type DurationName = NamesOf<'Milliseconds'>

export type Metrics = {
  /** Adds to a counter, 1 by default. */
  count(name: CountName, value?: number): void
  milliseconds(name: DurationName, value: number): void
  /** Writes what was gathered as one line; to be called once at the end of an invocation, also a failed one. */
  flush(): void
}

/** Metrics as lines in the embedded metric format: CloudWatch reads them from the log, no API is called. */
export function createMetrics(service: string, stage: string): Metrics {
  const metrics = new PowertoolsMetrics({
    namespace: METRIC_NAMESPACE,
    serviceName: service,
    defaultDimensions: { stage },
  })
  const add = (name: MetricName, value: number) => {
    // A number that is none makes Powertools throw, and a metric is never a reason to lose work.
    if (Number.isFinite(value)) metrics.addMetric(name, METRICS[name], value)
  }
  return {
    count: (name, value = 1) => add(name, value),
    // Two clocks are compared in some of them, so a difference can come out below zero.
    milliseconds: (name, value) => add(name, Math.max(0, value)),
    flush: () => {
      // An empty flush would write a warning line for every quiet invocation.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    },
  }
}
