import { type PulseServices, takePulse } from '../../core/pulse/pulse.ts'
import { buildPulse } from './services.ts'

let built: PulseServices | undefined

export const handler = async () => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= buildPulse()
  try {
    await takePulse(built)
  } finally {
    built.metrics.flush()
  }
}
