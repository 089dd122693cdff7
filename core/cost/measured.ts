/** What one delivery uses, on the average. ClickUp sends about two for each change. */
export type PerDelivery = {
  /** Changes that are published. */
  changes: number
  /** Requests to the deliveries queue, as SQS bills them, without those that wait in vain. */
  queueRequests: number
  consumerInvocations: number
  /** Of the consumer, from its call to its answer, while it waits for others. */
  consumerMs: number
  /** Calls to ClickUp. */
  apiCalls: number
  writeUnits: number
  readUnits: number
  /** As CloudWatch counts them, of the API, the verifier and the consumer. */
  logBytes: number
}

/**
 * Measured by `npm run bench -- --only costs`, seed 1: the functions' own code in virtual time against a fake ClickUp that answers after
 * 150 to 400 ms.
 */
export const PER_DELIVERY = {
  /** One change every three seconds, each of another task, each read by itself. */
  alone: {
    changes: 0.542,
    queueRequests: 3.34,
    consumerInvocations: 1.2,
    consumerMs: 208,
    apiCalls: 0.542,
    writeUnits: 4.7,
    readUnits: 6.6,
    logBytes: 3610,
  },
  /** 10,000 deliveries within a minute: tasks wait for a listing, so there are hardly any calls, but more is put off. */
  batched: {
    changes: 0.498,
    queueRequests: 3.23,
    consumerInvocations: 0.787,
    consumerMs: 31.5,
    apiCalls: 0.00269,
    writeUnits: 2.72,
    readUnits: 9.47,
    logBytes: 4260,
  },
  /** What the filter drops gets as far as the verifier. */
  filtered: {
    ...{
      changes: 0,
      queueRequests: 0,
      consumerInvocations: 0,
      consumerMs: 0,
      apiCalls: 0,
      writeUnits: 0,
      readUnits: 0,
    },
    logBytes: 1563,
  },
} as const satisfies Record<string, PerDelivery>

/** Not measured on AWS: what is taken for granted, with what speaks for it. */
export const ASSUMED = {
  /** A warm verifier of 256 MB with one call to SQS; it takes 2.4 ms of a whole processor (`bench/forger`). */
  verifierMs: 20,
  /** A consumer's own work in an invocation: virtual time does not count it. */
  consumerOwnMs: 15,
  /** What a change takes in the ledger with its index, and its share of a task: half a million take about half a GB. */
  storedBytesPerChange: 1_000,
  /** Lambda waits at a queue with five requests, each for 20 s. */
  idlePollers: 5,
  pollSeconds: 20,
  /** Deliveries, jobs, and the guard's. */
  queues: 3,
  /** Of a connection: 1,056 of the sweeps and 107 of the censuses (`npm run bench:storms`), each page about 1.8 s. */
  syncCallsPerDay: 1_163,
  syncSecondsPerCall: 1.8,
  /** Runs of the guard and of the pulse, every five minutes, of about a second each. */
  watchRunsPerDay: 2 * 288,
  watchSeconds: 1,
  /** A run's or a call's lines in the log. */
  watchLogBytes: 1_500,
  /** DynamoDB asks for a table's key once in five minutes for each role that uses the table: consumer 3, sync 2, guard, pulse, health. */
  keyRequestsPerDay: 8 * 288,
  /** With a key of one's own SQS and Secrets Manager ask, too: once an hour for each who sends, and at each read of a secret. */
  ownKeyRequestsPerDay: 2_000,
  memoryMb: { verifier: 256, consumer: 512, sync: 512, watch: 256 },
} as const

/** What the template deploys of each kind; tests count them. */
export const DEPLOYED = {
  /** Metrics that alarms watch, one or several each. */
  alarmMetrics: 55,
  dashboards: 1,
  secretsPerConnection: 2,
} as const
