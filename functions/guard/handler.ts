import { run } from './run.ts'
import { buildGuard, type Guard } from './services.ts'

let built: Guard | undefined

/** What Lambda tells of an invocation, as far as it is used. */
type Context = { getRemainingTimeInMillis(): number }

export const handler = async (event: unknown, context: Context) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= buildGuard()
  try {
    return await run(event, built, context.getRemainingTimeInMillis())
  } finally {
    built.metrics.flush()
  }
}
