/**
 * The codes that SQS still prefixes in `x-amzn-query-error`, the header from which SDKs in query-compatible mode take the
 * exception's name. From the `awsQueryError` traits of the service's model; every other code stands bare, so a prefix on
 * `InvalidParameterValue` would make a name that no caller knows.
 */
const PREFIXED = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
])

/** Shapes whose code in the query protocol is another word. */
const RENAMED: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  AccessDeniedException: 'AccessDenied',
}

/** The value of `x-amzn-query-error` for an exception. */
export function queryError(code: string, status: number): string {
  const name = RENAMED[code] ?? (PREFIXED.has(code) ? `AWS.SimpleQueueService.${code}` : code)
  return `${name};${status < 500 ? 'Sender' : 'Receiver'}`
}
