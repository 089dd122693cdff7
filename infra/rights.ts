/**
 * What each function may do to what it is given: the one list to read, and to change together with the code that needs it.
 * Rights that follow from being what it is (its log, polling its queue) come with `HooklineFunction`.
 */

export const VERIFIER = {
  deliveriesQueue: ['sqs:SendMessage'],
} as const

export const CONSUMER = {
  /** A claim is put and, when it meets another, read; completion puts, giving back deletes; what is done is read, many at once. */
  ledger: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
  /** Snapshots and what is accounted of tasks, many at once; time entries; the list of tasks whose reading is owed. */
  tasks: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
  /** What is accounted of lists, folders, spaces and goals; the connection; the desk, the budget and the breaker. */
  state: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  /** Deferral sends anew; a failed message gets a visibility of seconds. */
  deliveriesQueue: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'],
  quarantineQueue: ['sqs:SendMessage'],
} as const
