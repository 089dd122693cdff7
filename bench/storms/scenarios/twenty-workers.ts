import { PLANS } from '../../../local/clickup/rate-limit.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atLeast, atMost, shown } from '../bounds.ts'
import { isRefused, windowsOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { MINUTE, USUAL_WEATHER } from '../weather.ts'
import { startWorkers } from '../workers.ts'

const WORKERS = { count: 20, calls: 5 }
const WINDOWS = 10
const LIMIT = PLANS.Unlimited.callsPerMinute

function play(run: Run) {
  const { clickup, startedAt, time } = run
  const watch = createWatch(run, { within30sOf: 'lastChange' })
  const endsAt = startedAt + (WINDOWS + 2) * MINUTE
  startWorkers(run, WORKERS, () => time.now() >= endsAt)
  time.schedule(endsAt + MINUTE, watch.quiet)

  return {
    isOver: watch.isOver,
    bounds: () => {
      // The last one was cut off.
      const windows = windowsOf(run).slice(0, WINDOWS)
      const asked = windows.map((calls) => calls.length)
      const used = windows.map((calls) => calls.filter((call) => !isRefused(call)).length)
      return [
        ...watch.common(),
        atLeast('windows', windows.length, WINDOWS),
        atMost('mostCallsInAWindow', Math.max(0, ...asked), LIMIT),
        atLeast('leastUsedShareOfAWindow', Math.min(...used) / LIMIT, 0.9),
        shown('budgetWrites', run.budgetWrites()),
        atMost('budgetWritesPerCall', run.budgetWrites() / clickup.calls.length, 0.2),
      ]
    },
  }
}

export const twentyWorkers: Scenario = {
  name: 'twenty-workers',
  title: '20 workers at once on one token, across 10 windows',
  clickup: { tasks: 500, faults: USUAL_WEATHER },
  longestMs: 30 * MINUTE,
  play,
}
