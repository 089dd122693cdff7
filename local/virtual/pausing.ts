import { beginPause, endPause } from '../../core/pause/change.ts'
import { TABLES } from './aws/tables.ts'
import type { World } from './functions.ts'
import type { Poller } from './poller.ts'
import type { Run } from './run.ts'

/** What the operator's command does: the item is written, and Lambda leaves the queues alone if it is let. */
export function pausing({ time, random, aws }: World, pollers: readonly Poller[]): Pick<Run, 'pause' | 'resume'> {
  const { dynamo } = aws.clients({ time, random: random.fork('operator') })
  const state = { dynamo, table: TABLES.state }
  return {
    async pause({ polled }) {
      await beginPause(state, { by: 'operator', reason: null, now: time.now() })
      if (!polled) for (const poller of pollers) poller.hold()
    },
    async resume() {
      await endPause(state, time.now())
      for (const poller of pollers) poller.release()
    },
  }
}
