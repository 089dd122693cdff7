import * as z from 'zod'

const probability = z.number().min(0).max(1)
const milliseconds = z.number().int().min(0)
const rangeSchema = z.object({ min: milliseconds, max: milliseconds })

/** The switches, as `POST /_fake/faults` takes them: what is left out stays as it is. */
export const faultsSchema = z.strictObject({
  /** How long every API answer is held back. */
  latencyMs: rangeSchema,
  /** How long a page of tasks is, where that is not the same. */
  pageLatencyMs: rangeSchema.nullable(),
  /** How long after its event a delivery leaves. */
  deliveryDelayMs: rangeSchema,
  /** Share of the deliveries that are sent twice, the copy with tries of its own. */
  duplicates: probability,
  /** Each delivery leaves up to this much later than it should, so that it may be overtaken. */
  reorderingMs: milliseconds,
  /** Share of the deliveries that are never sent and never counted as failures. */
  lost: probability,
  /** A read may answer the task as it was up to this long ago; a task younger than that is missing from lists. */
  readLagMs: milliseconds.max(10_000),
  /** Tasks with equal sort keys come in another order in every answer, so pages overlap and leave gaps. */
  unstablePaging: z.boolean(),
  /** Share of the tasks that answer as archived: absent from lists that do not ask for archived ones. */
  archivedTasks: probability,
  /** Whether a comment leaves `date_updated` alone. */
  commentsKeepDateUpdated: z.boolean(),
  /**
   * The API is down between two times of the machine's clock, null being without end. `disconnect` drops the connection
   * without an answer: to a client it is the network error that a refused connection would be.
   */
  outage: z
    .object({
      from: z.number().nullable(),
      until: z.number().nullable(),
      answer: z.union([z.literal('disconnect'), z.number().int().min(500).max(599)]),
    })
    .nullable(),
  /** The service account's token answers as dead. */
  deadToken: z.boolean(),
  /** How far ClickUp's clock is ahead of the machine's: `Date`, `X-RateLimit-Reset` and every date in every body. */
  clockSkewMs: z.number().int(),
  /** Calls a minute instead of what the plan allows. */
  rateLimit: z.number().int().min(1).nullable(),
  /** Calls a minute that the headers tell, where those are not what is allowed. */
  toldRateLimit: z.number().int().min(1).nullable(),
  /** Pause before another try. ClickUp does not document its own, so nothing may depend on it. */
  retrySpacingMs: milliseconds,
  /** ClickUp waits 7 seconds; tests of what happens then need not. */
  deliveryTimeoutMs: z.number().int().min(1),
  /** What a task that does not exist answers: sources disagree. */
  missingTask: z.enum(['ITEM_013', 'OAUTH_027']),
  /** Whether one user may have two webhooks on one location. Nobody knows if another endpoint is enough. */
  allowSecondWebhook: z.enum(['never', 'otherEndpoint']),
  /** Which way `order_by` goes when `reverse` is not given: not documented either. */
  defaultOrder: z.enum(['descending', 'ascending']),
})

export type Faults = z.infer<typeof faultsSchema>

/** Everything as ClickUp is on a good day. */
export const noFaults = (): Faults => ({
  latencyMs: { min: 0, max: 0 },
  pageLatencyMs: null,
  deliveryDelayMs: { min: 0, max: 0 },
  duplicates: 0,
  reorderingMs: 0,
  lost: 0,
  readLagMs: 0,
  unstablePaging: false,
  archivedTasks: 0,
  commentsKeepDateUpdated: false,
  outage: null,
  deadToken: false,
  clockSkewMs: 0,
  rateLimit: null,
  toldRateLimit: null,
  retrySpacingMs: 50,
  deliveryTimeoutMs: 7_000,
  missingTask: 'ITEM_013',
  allowSecondWebhook: 'never',
  defaultOrder: 'descending',
})

/** Whether the API is down at this time of the machine's clock. */
export function outageAt(faults: Faults, now: number): NonNullable<Faults['outage']> | undefined {
  const { outage } = faults
  if (outage === null) return undefined
  if (outage.from !== null && now < outage.from) return undefined
  if (outage.until !== null && now >= outage.until) return undefined
  return outage
}
