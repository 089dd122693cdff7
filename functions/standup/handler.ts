import { run } from './run.ts'
import { buildStandup, type Standup } from './services.ts'

let built: Standup | undefined

/** What Lambda tells of an invocation, as far as it is used. */
type Context = { getRemainingTimeInMillis(): number }

export const handler = async (event: unknown, context: Context) => {
  // A failure to build is not remembered, so that every invocation says what is wrong. The bundle and its files lie side by side.
  built ??= buildStandup(import.meta.dirname)
  try {
    return await run(event, built, context.getRemainingTimeInMillis())
  } finally {
    built.metrics.flush()
  }
}
