import type { Subscriber } from './subscriber.ts'
import { until } from './until.ts'

const QUIET_MS = 1_000

/** Waits until the subscriber has read everything and nothing more comes: the bus hands over in the background. */
export async function quiet(subscriber: Subscriber): Promise<void> {
  let heard = -1
  let since = performance.now()
  await until(
    async () => {
      const now = subscriber.arrivals().length
      if (now !== heard || (await subscriber.backlog()) > 0) {
        heard = now
        since = performance.now()
      }
      return performance.now() - since >= QUIET_MS ? true : undefined
    },
    { what: 'the bus to fall quiet', deadlineMs: 60_000, everyMs: 50 },
  )
}
