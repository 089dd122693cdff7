/**
 * Every duration that has to fit another one, in one place.
 *
 * ```
 * 0 s        consumer starts a message
 * 60 s       time-out: Lambda has ended it for certain
 * 90 s       lease: its claims may be taken over, nobody who held one still runs
 * 360 s      visibility: SQS delivers the message again, so whoever gets it finds the claims free
 * 14 days    retention of the deliveries queue
 * +14 days   retention of the quarantine
 * ledgerDays the ledger forgets: later than any message could still return
 * ```
 */

/** ClickUp gives an endpoint 7 s; an answer of our own must come before that, also when the verifier hangs. */
const CLICKUP_PATIENCE_SECONDS = 7

/** API Gateway gives the verifier one second more than Lambda does, so that Lambda's end is what it reports. */
export const integrationTimeoutSeconds = (verifierTimeoutSeconds: number) => verifierTimeoutSeconds + 1

/** Longest time-out of the verifier that leaves ClickUp an answer, and a second for the network. */
export const MAX_VERIFIER_TIMEOUT_SECONDS = CLICKUP_PATIENCE_SECONDS - 2

/** SQS's longest, for both queues: an outage of ClickUp or of ourselves may last that long and lose nothing. */
export const QUEUE_RETENTION_DAYS = 14

/** Shortest life of a change in the ledger: a message can wait in the deliveries queue and again in the quarantine. */
export const MIN_LEDGER_DAYS = 2 * QUEUE_RETENTION_DAYS + 1

/** Receives before SQS moves a message to the quarantine. Deferral sends anew, so each receive means a real fault. */
export const MAX_RECEIVES = 5

/** Lease and visibility that follow from the consumer's time-out: time-out < lease < visibility. */
export function consumerTiming(timeoutSeconds: number) {
  return {
    timeoutSeconds,
    leaseMs: Math.ceil(timeoutSeconds * 1.5) * 1000,
    // Lambda asks for six times the time-out: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    visibilitySeconds: timeoutSeconds * 6,
  }
}

/** One invocation of a job works for so long, then the job sends itself on. A page of tasks takes about two seconds. */
export const SYNC_TIMEOUT_SECONDS = 120

/** The guard makes a few calls; what has to wait comes back by the queue. */
export const GUARD_TIMEOUT_SECONDS = 60

/** Some reads, and five seconds at the most for ClickUp's status page. */
export const PULSE_TIMEOUT_SECONDS = 30

/** A few reads, most often none. */
export const HEALTH_TIMEOUT_SECONDS = 10

/** Reading the material, asking a model twice at the most, each for a minute at the most, and writing what it said. */
export const STANDUP_TIMEOUT_SECONDS = 180

/** Lambda's longest. A step of a rotation waits until every verifier knows a new secret, and what is idle costs next to nothing. */
export const ROTATION_TIMEOUT_SECONDS = 900

/**
 * The check of a release may wait half a minute until a right that was given with the release is in force, and each of its
 * few questions may meet a cold start.
 */
export const CHECK_RELEASE_TIMEOUT_SECONDS = 120

/** How often each job begins. */
export const SCHEDULES = { sweepMinutes: 15, censusMinutes: 60, guardMinutes: 5, pulseMinutes: 5 } as const
