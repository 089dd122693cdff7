/** An error as Lambda gives it to whoever invoked. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] }

/** What came of an invocation. */
export type InvokeOutcome =
  | { kind: 'returned'; payload: unknown }
  | { kind: 'failed'; error: FunctionError }
  /** The function's reserved concurrency is used up. */
  | { kind: 'throttled' }

export const failed = (errorType: string, errorMessage: string): InvokeOutcome => ({
  kind: 'failed',
  error: { errorType, errorMessage },
})
