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
  /**
   * Share of the changes (of people's acts, strictly: one act may make several) none of whose deliveries is ever sent, to any
   * webhook: the twin events are lost together. `lost` loses one delivery and leaves its twin.
   */
  lostChanges: probability,
  /** Share of the changes whose deliveries, twins included, leave `ms` later than they would: after the next sweep, say. */
  lateChanges: z.object({ share: probability, ms: milliseconds }),
  /**
   * Ids of webhooks that stay active and healthy and deliver nothing, as those of a disabled user do. One that is made in
   * the place of such a one has an id of its own and delivers.
   */
  silentWebhooks: z.array(z.string()),
  /** A read may answer the task as it was up to this long ago; a task younger than that is missing from lists. */
  readLagMs: milliseconds.max(10_000),
  /** Tasks with equal sort keys come in another order in every answer, so pages overlap and leave gaps. */
  unstablePaging: z.boolean(),
  /** Share of the tasks that answer as archived: absent from lists that do not ask for archived ones. */
  archivedTasks: probability,
  /** Whether a comment leaves `date_updated` alone. */
  commentsKeepDateUpdated: z.boolean(),
  /** Whether taking a task out of the bin moves its `date_updated`: not documented. */
  restoresMoveDateUpdated: z.boolean(),
  /** Whether showing a task in a further list, or no longer, moves its `date_updated`: not documented. */
  locationsMoveDateUpdated: z.boolean(),
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
  /** Every so-many-th call is answered with a 500: something is wrong, and ClickUp is not down. */
  serverErrorEvery: z.number().int().min(2).nullable(),
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
  /** How the numbers of time entries and the ids of their places are written: live answers have strings, the spec's sample numbers. */
  timeEntryNumbers: z.enum(['strings', 'numbers']),
  /** Which entries `start_date` and `end_date` mean: those that began between them, or those that lie there in part, too. */
  timeEntryWindow: z.enum(['start', 'overlap']),
  /** Whether several people in one `assignee`, with commas between, are refused: TIMEENTRY_059 was seen with an OAuth token. */
  commaJoinedAssignees: z.enum(['answered', 'refused']),
  /** What a time entry that is not there answers. Only the refusal is known of; `nothing` is a 200 whose `data` is null. */
  missingTimeEntry: z.enum(['TIMEENTRY_059', 'ITEM_013', 'nothing']),
  /** What becomes of the time entries of a deleted task: shown without their task, or hidden with it. */
  timeOfDeletedTasks: z.enum(['shown', 'hidden']),
  /** What is told when an entry goes to another task: that it is gone from the one and new on the other, or an edit on the new one alone. */
  movedTimeTells: z.enum(['deletedAndCreated', 'edited']),
  /** Whether `data.interval_id` of a delivery is another id than its entry's: so in a capture of 2024, not in the documentation. */
  intervalIdDiffers: z.boolean(),
  /** Whether the ClickApp "Total time in Status" is on. Without it a 403 with `TIS_001` answers: a code of ours, as none is known. */
  timeInStatus: z.boolean(),
  /** Whether the ClickApp "Time Tracking" is on in the spaces, as they tell. */
  timeTracking: z.boolean(),
  /** What a list's `task_count` counts: its tasks that are not archived, or of these the open ones only. */
  taskCount: z.enum(['all', 'open']),
  /** How `task_count` of a list is written: all three have been seen. */
  taskCountAs: z.enum(['number', 'string', 'null']),
  /** The workspaces that tokens see: the one, none at all, or an empty one beside it in which nothing can be done. */
  workspaces: z.enum(['one', 'none', 'two']),
  /** Whether making a webhook is refused for lack of rights: with OAUTH_027, which comes as a 401 and has been seen as a 403. */
  webhookRefusal: z.enum(['none', '401', '403']),
  /** The plan that is told: what it is, one that nobody has heard of, or a refusal. */
  toldPlan: z.enum(['true', 'unknown', 'refused']),
  /** Whether a disabled user is still in `GET /team`: not documented. */
  disabledMembers: z.enum(['listed', 'absent']),
  /** Uses of custom fields that the plan has left, then FIELD_033; null is no limit. A free workspace has 60 in all. */
  fieldUsesLeft: z.number().int().min(0).nullable(),
  /** Whether one user may have two webhooks on one location. Nobody knows if another endpoint is enough. */
  allowSecondWebhook: z.enum(['never', 'otherEndpoint']),
  /** Which way `order_by` goes when `reverse` is not given: not documented either. */
  defaultOrder: z.enum(['descending', 'ascending']),
  /** What ClickUp's own status page tells; `garbled`: a proxy's page in its place; `unreachable`: the connection drops. */
  statusPage: z.enum(['operational', 'maintenance', 'degraded', 'disrupted', 'garbled', 'unreachable']),
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
  lostChanges: 0,
  lateChanges: { share: 0, ms: 0 },
  silentWebhooks: [],
  readLagMs: 0,
  unstablePaging: false,
  archivedTasks: 0,
  commentsKeepDateUpdated: false,
  restoresMoveDateUpdated: false,
  locationsMoveDateUpdated: false,
  outage: null,
  serverErrorEvery: null,
  deadToken: false,
  clockSkewMs: 0,
  rateLimit: null,
  toldRateLimit: null,
  retrySpacingMs: 50,
  deliveryTimeoutMs: 7_000,
  missingTask: 'ITEM_013',
  timeEntryNumbers: 'strings',
  timeEntryWindow: 'start',
  commaJoinedAssignees: 'answered',
  missingTimeEntry: 'TIMEENTRY_059',
  timeOfDeletedTasks: 'shown',
  movedTimeTells: 'deletedAndCreated',
  intervalIdDiffers: false,
  timeInStatus: true,
  timeTracking: true,
  taskCount: 'all',
  taskCountAs: 'number',
  workspaces: 'one',
  webhookRefusal: 'none',
  toldPlan: 'true',
  disabledMembers: 'listed',
  fieldUsesLeft: null,
  allowSecondWebhook: 'never',
  defaultOrder: 'descending',
  statusPage: 'operational',
})

/** Whether the API is down at this time of the machine's clock. */
export function outageAt(faults: Faults, now: number): NonNullable<Faults['outage']> | undefined {
  const { outage } = faults
  if (outage === null) return undefined
  if (outage.from !== null && now < outage.from) return undefined
  if (outage.until !== null && now >= outage.until) return undefined
  return outage
}
