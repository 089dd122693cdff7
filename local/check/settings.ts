/** How late a delivery may come here before a sweep finds what it would have told: ten minutes in production. */
export const LATE_MS = 2_500

/** What `sync` is told instead of what the template says (see core/sync/settings.ts). */
export const SYNC_SETTINGS = {
  lateMs: LATE_MS,
  overlapMs: 60_000,
  settleEveryMs: 300,
  settleForMs: 60_000,
  explainForMs: 2_000,
}

/**
 * What `consumer` is told instead: it notes what waits and what was heard by the minute in production, and here by the second.
 * The rest is as the template has it.
 */
export const CONSUMER_SETTINGS = {
  ...{ leaseMs: 90_000, ledgerDays: 400 },
  noting: { bucketMs: 1_000, slackMs: 1_000, heardEveryMs: 1_000 },
}
