/** How long an AWS call may take: `connectionMs` and `requestMs` for each of at most `attempts` tries. */
export type CallLimits = { connectionMs: number; requestMs: number; attempts: number }

export const CALL_LIMITS = {
  /**
   * While ClickUp waits: a secret and a message, both at their slowest, still end inside the verifier's 5 seconds,
   * which are inside ClickUp's 7.
   */
  edge: { connectionMs: 1_000, requestMs: 1_000, attempts: 2 },
  /** In a function that works from a queue: a slow call is better than a redelivered batch. */
  worker: { connectionMs: 1_000, requestMs: 5_000, attempts: 3 },
  /** Before the work itself, in such a function: what can be done without, and must leave the time for it. */
  beside: { connectionMs: 1_000, requestMs: 2_000, attempts: 2 },
} as const satisfies Record<string, CallLimits>

/**
 * The settings that every client shares. Endpoint, region and credentials come from the environment by the SDK's own rules;
 * connections are kept alive by its default agent.
 */
export const clientSettings = ({ connectionMs, requestMs, attempts }: CallLimits) => ({
  maxAttempts: attempts,
  requestHandler: {
    connectionTimeout: connectionMs,
    requestTimeout: requestMs,
    // Without it the SDK only writes a warning when the time is over, and goes on waiting.
    throwOnRequestTimeout: true,
  },
})
