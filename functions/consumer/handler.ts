import { consume } from './consume.ts'
import { buildConsumer, type Consumer } from './services.ts'

let built: Consumer | undefined

export const handler = async (event: unknown) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= buildConsumer()
  try {
    return await consume(event, built)
  } finally {
    built.metrics.flush()
  }
}
