import { consume, type Prelude } from './consume.ts'
import { buildConsumer, type Consumer } from './services.ts'

/** What Lambda tells of an invocation, as far as it is used. */
type Context = { getRemainingTimeInMillis(): number }

/** The consumer's handler. @param buildPrelude makes what comes before the work, by default nothing */
export function handlerOf(buildPrelude?: (consumer: Consumer) => Prelude) {
  let built: { consumer: Consumer; prelude: Prelude | undefined } | undefined
  // A failure to build is not remembered, so that every invocation says what is wrong.
  function build() {
    const consumer = buildConsumer()
    return { consumer, prelude: buildPrelude?.(consumer) }
  }
  return async (event: unknown, context: Context) => {
    built ??= build()
    const { consumer, prelude } = built
    try {
      return await consume(event, consumer, context.getRemainingTimeInMillis(), prelude)
    } finally {
      consumer.metrics.flush()
    }
  }
}
