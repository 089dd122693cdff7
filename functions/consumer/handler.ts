import { consume } from './consume.ts'
import { buildConsumer, type Consumer } from './services.ts'

let built: Consumer | undefined

/** What Lambda tells of an invocation, as far as it is used. */
type Context = { getRemainingTimeInMillis(): number }

export const handler = async (event: unknown, context: Context) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= buildConsumer()
  try {
    return await consume(event, built, context.getRemainingTimeInMillis())
  } finally {
    built.metrics.flush()
  }
}
