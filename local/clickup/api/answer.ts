/** An answer of the API. */
export type Answer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'empty'; readonly status: 204 }
  | { readonly kind: 'error'; readonly status: number; readonly err: string; readonly ecode: string }

export const ok = (body: unknown): Answer => ({ kind: 'ok', body })
export const NO_CONTENT: Answer = { kind: 'empty', status: 204 }

const error = (status: number, err: string, ecode: string): Answer => ({ kind: 'error', status, err, ecode })

/**
 * ClickUp publishes no list of its codes: these are the ones that have been seen, with the words they were seen with.
 * `INPUT_001` for a body that cannot be used is ours, where no code is known.
 */
export const ERRORS = {
  noToken: error(401, 'Authorization header required', 'OAUTH_017'),
  deadToken: error(401, 'Token invalid', 'OAUTH_025'),
  /** A place that does not exist answers as one that may not be seen. */
  noAccess: error(401, 'Team not authorized', 'OAUTH_027'),
  taskNotFound: error(404, 'Task not found', 'ITEM_013'),
  routeNotFound: error(404, 'Route not found', 'APP_001'),
  rateLimited: error(429, 'Rate limit reached', 'APP_002'),
  webhookExists: error(400, 'Webhook configuration already exists', 'OAUTH_171'),
  noSuchStatus: error(400, 'Status does not exist', 'ITEM_114'),
  parentNotInList: error(400, 'Parent not child of list', 'ITEM_137'),
  listIdInvalid: error(400, 'validateListIDEx List ID invalid', 'INPUT_003'),
  taskIdInvalid: error(400, 'Task ID invalid', 'INPUT_004'),
  notAnOption: error(400, 'Value must be an option index or uuid', 'FIELD_011'),
  /** A mistake of the caller's, though it comes as a 500. */
  notADate: error(500, 'Value is not a valid date', 'FIELD_017'),
  fieldNotHere: error(400, 'Custom field is not in the hierarchy of the task', 'FIELD_115'),
  invalidValue: error(400, 'Invalid Value', 'FIELD_342'),
  notYourTime: error(403, 'You have no access', 'TIMEENTRY_059'),
  timeNeedsMore: error(400, 'At least one param is required', 'TIMEENTRY_060'),
  /** No code is known for it: this one is ours. */
  noTimeInStatus: error(403, 'Total time in Status is not enabled', 'TIS_001'),
  fieldUsesExceeded: error(403, 'Custom field usages exceeded for your plan', 'FIELD_033'),
  /** Seen as a 401, and asserted as a 403 in tests. */
  noAccess403: error(403, 'Team not authorized', 'OAUTH_027'),
  crashed: error(500, 'Internal Server Error', 'APP_000'),
} as const

export const invalidBody = (why: string): Answer => error(400, why, 'INPUT_001')
