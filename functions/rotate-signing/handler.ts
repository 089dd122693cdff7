import { type Rotator, takeRotationStep } from '../shared/rotation-step.ts'
import { buildRotateSigning } from './services.ts'

let built: Rotator | undefined

/** What Lambda tells of an invocation, as far as it is used. */
type Context = { getRemainingTimeInMillis(): number }

export const handler = async (event: unknown, context: Context) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= buildRotateSigning()
  try {
    await takeRotationStep(event, built, context.getRemainingTimeInMillis())
  } finally {
    built.metrics.flush()
  }
}
