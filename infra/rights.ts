/**
 * What each function may do to what it is given: the one list to read, and to change together with the code that needs it.
 * Rights that follow from being what it is (its log, polling its queue) come with `HooklineFunction`.
 */

export const VERIFIER = {
  deliveriesQueue: ['sqs:SendMessage'],
} as const

export const CHECK_RELEASE = {
  /** Of the one version that is about to take over; not of the alias, nor of versions before it. */
  version: ['lambda:InvokeFunction'],
  deploymentGroup: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
} as const

/** CodeDeploy's role, not a function's. */
export const CODE_DEPLOY = {
  alias: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
  hook: ['lambda:InvokeFunction'],
  alarms: ['cloudwatch:DescribeAlarms'],
} as const

export const CONSUMER = {
  /** A claim is put and, when it meets another, read; completion puts, giving back deletes; what is done is read, many at once,
   * and a resource's history where a delivery may tell of what a sweep has found. */
  ledger: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
  /** Snapshots and what is accounted of tasks, many at once; time entries; the list of tasks whose reading is owed. */
  tasks: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
  /** What is accounted of lists, folders, spaces and goals; the connection; the desk, the budget and the breaker. */
  state: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  /** Deferral sends anew; a failed message gets a visibility of seconds. */
  deliveriesQueue: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'],
  quarantineQueue: ['sqs:SendMessage'],
} as const

/** The consumer's, where raw deliveries are kept: an operator reads them, the function never. */
export const ARCHIVE = { objects: ['s3:PutObject'] } as const

export const SYNC = {
  /** What is stored of tasks is compared with what ClickUp lists; the consumer alone writes it. */
  tasks: ['dynamodb:BatchGetItem'],
  /** The tasks of a list, and the time entries of a day. */
  tasksIndexes: ['dynamodb:Query'],
  /** Where a run stands, places and members, gaps; the connection, the budget and the breaker. */
  state: [
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
  ],
  /** What was found goes the way of every change. */
  deliveriesQueue: ['sqs:SendMessage'],
  /** A run sends itself on. */
  jobsQueue: ['sqs:SendMessage'],
  guardQueue: ['sqs:SendMessage'],
} as const

export const GUARD = {
  /** What was last seen of the webhooks, the lock, gaps; the connection, the budget and the breaker. What cannot be read is forgotten. */
  state: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  jobsQueue: ['sqs:SendMessage'],
  guardQueue: ['sqs:SendMessage'],
} as const

export const PULSE = {
  /** All that is stored of the connections, the pause; what was seen of ClickUp's status page and the pulse itself are put. */
  state: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'],
} as const

export const HEALTH = {
  /** Whoever may ask has no way to change anything. */
  state: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
} as const

export const ROTATE_SIGNING = {
  /** What is known of the webhooks and who is at them, gaps, the report; the connection, the budget and the breaker. */
  state: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  /** A sweep of what came while there was no webhook. */
  jobsQueue: ['sqs:SendMessage'],
  guardQueue: ['sqs:SendMessage'],
} as const

export const ROTATE_TOKEN = {
  /** As for signing secrets, because another user's token makes the webhooks anew; and it becomes the connection's. */
  state: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  jobsQueue: ['sqs:SendMessage'],
  guardQueue: ['sqs:SendMessage'],
} as const

export const STANDUP = {
  /** Changes of a day or of a task; all is read, nothing written. */
  ledger: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  ledgerIndexes: ['dynamodb:Query'],
  /** Snapshots and how long they were in each status, many at once; the time entries of a task. */
  tasks: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  tasksIndexes: ['dynamodb:Query'],
  /** What was told and what that cost; places and fields; the connection, the budget and the breaker. */
  state: [
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
  ],
  /** What has to wait, and one job for each recipe and task. */
  queue: ['sqs:SendMessage'],
  /** Of the one model that the config names, where it is in Bedrock. */
  model: ['bedrock:InvokeModel'],
} as const

/** The role of EventBridge Scheduler, not a function's. */
export const STANDUP_SCHEDULE = { queues: ['sqs:SendMessage'] } as const
