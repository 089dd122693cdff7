import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import { METRIC_NAMESPACE, METRIC_SERVICE } from './names.ts'

/**
 * Every metric and its unit. A custom metric is billed per name and per combination of dimensions, so there are at most
 * 40 in all, with no dimension but the project's name and the stage: a metric is one however many functions count in it.
 * What else one wants to know is in the logs.
 */
export const METRICS = {
  // Verifier: every delivery is either accepted, refused, filtered, or the fault was ours.
  DeliveriesAccepted: 'Count',
  DeliveriesFiltered: 'Count',
  DeliveriesRefused: 'Count',
  /** Of those that were refused: made by somebody who does not know the secret. */
  RefusedSignature: 'Count',
  /** Answered 503: the queue refused it, or no secret could be read. */
  DeliveriesUnavailable: 'Count',
  /** The time ClickUp waited for our answer, for deliveries that it did sign. */
  AcknowledgeMs: 'Milliseconds',

  // Consumer.
  /** What it was handed, and of that what comes again because of a fault, and what never will. */
  MessagesReceived: 'Count',
  MessagesFailed: 'Count',
  MessagesQuarantined: 'Count',
  ChangesPublished: 'Count',
  ChangesDuplicate: 'Count',
  /** Put back on the queue for later, for whatever reason. */
  ChangesDeferred: 'Count',
  /** Of tasks in lists and spaces that nobody wants. */
  ChangesDropped: 'Count',
  /** Published without the task. */
  ChangesDegraded: 'Count',
  /** Now less `receivedAt` when work on a message begins: deferral resets the queue's own age, not this one. */
  DeliveryAgeMs: 'Milliseconds',
  /** `receivedAt` to published. */
  EndToEndMs: 'Milliseconds',

  // Calls to ClickUp, of every function.
  ApiCalls: 'Count',
  /** Calls without a usable answer: none at all, a server's fault, or one that cannot be read. */
  ApiErrors: 'Count',
  /** Of those: answered with 500 or above, and no answer to what was asked. */
  ApiServerErrors: 'Count',
  /** No access, or no such id: ClickUp does not tell the two apart. */
  ApiNoAccess: 'Count',
  ApiMs: 'Milliseconds',
  RateLimited: 'Count',
  /** What is left of the calls of a window, as the last answers' headers say. */
  BudgetRemainingPercent: 'Percent',
  /** ClickUp refuses the token: calls that it refused, batches that were put off because it had, and every pulse until it is mended. */
  TokenDead: 'Count',
  /** Tasks and time entries in a listing, in a form that could not be read or that cannot be. */
  AnswersUnreadable: 'Count',

  // Sync and rotations.
  /** Sweeps that came to their end: none for long means that nothing is repaired. */
  SweepsCompleted: 'Count',
  /** Changes that were never delivered and that a sweep has found; and by how many they were more than usual in a week. */
  SweepRepairs: 'Count',
  SweepRepairsUnusual: 'Count',
  /** A census found so many tasks deleted at once that it published nothing; and every pulse until another has begun. */
  CensusHalted: 'Count',
  RotationsFailed: 'Count',

  // Pulse, every five minutes: the worst of all connections.
  /** Now less the time before which everything recoverable is in the ledger. */
  WatermarkAgeMs: 'Milliseconds',
  /** Since the token in use was brought; the guard measures it, which may read the token. */
  TokenAgeMs: 'Milliseconds',
  /** Connections whose webhook the guard could not mend, or which is silent. */
  WebhooksBroken: 'Count',
  /** Deliveries in a row that ClickUp gave up on; at 100 it suspends the webhook. */
  WebhookFailCount: 'Count',
  /** How much working time has passed without a delivery. */
  QuietMs: 'Milliseconds',
  /** 1 while ClickUp's own status page tells of an incident, else 0. */
  ClickUpIncident: 'Count',
  /** 1 while Hookline is paused, else 0. */
  Paused: 'Count',

  // Summaries, where there are any.
  /** Of models, in and out together; and what that cost, in millionths of a US$. */
  ModelTokens: 'Count',
  ModelCost: 'Count',
  /** How often in a row a model has failed to answer: 0 when it has. */
  ModelFailuresInARow: 'Count',
} as const satisfies Record<string, 'Count' | 'Milliseconds' | 'Percent'>

/** Those of a model: a stage without one has none of them. */
export const MODEL_METRICS = [
  'ModelTokens',
  'ModelCost',
  'ModelFailuresInARow',
] as const satisfies readonly MetricName[]

type MetricName = keyof typeof METRICS
type NamesOf<Unit> = { [Name in MetricName]: (typeof METRICS)[Name] extends Unit ? Name : never }[MetricName]
export type CountName = NamesOf<'Count'>
type DurationName = NamesOf<'Milliseconds'>
type ShareName = NamesOf<'Percent'>

export type Metrics = {
  /** Adds to a counter, 1 by default; also says how much of something there is. */
  count(name: CountName, value?: number): void
  milliseconds(name: DurationName, value: number): void
  /** From 0 to 100. */
  percent(name: ShareName, value: number): void
  /** Writes what was gathered as one line; to be called once at the end of an invocation, also a failed one. */
  flush(): void
}

/** Metrics as lines in the embedded metric format: CloudWatch reads them from the log, no API is called. */
export function createMetrics(stage: string): Metrics {
  const metrics = new PowertoolsMetrics({
    namespace: METRIC_NAMESPACE,
    serviceName: METRIC_SERVICE,
    defaultDimensions: { stage },
  })
  const add = (name: MetricName, value: number) => {
    // A number that is none makes Powertools throw, and a metric is never a reason to lose work.
    if (Number.isFinite(value)) metrics.addMetric(name, METRICS[name], value)
  }
  return {
    count: (name, value = 1) => add(name, value),
    percent: (name, value) => add(name, Math.min(100, Math.max(0, value))),
    // Two clocks are compared in some of them, so a difference can come out below zero.
    milliseconds: (name, value) => add(name, Math.max(0, value)),
    flush: () => {
      // An empty flush would write a warning line for every quiet invocation.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    },
  }
}
