import type { Faults } from '../../../local/clickup/faults.ts'
import type { ClickUpCall } from '../../../local/virtual/clickup.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost, shown } from '../bounds.ts'
import { isRefused, windowsOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'
import { startWorkers } from '../workers.ts'

const REALLY = 60
/** What a worker has reserved it may call, whatever others have met: so each reserves only its next call. */
const WORKERS = { count: 4, calls: 1 }
const WINDOWS = 6
const EVERY_MS = 10 * SECOND

/** A read and a write of the shared state, at their slowest: sooner nobody else can know what one worker was told. */
const HEARD_MS = 25

/**
 * Refusals in one window. Calls that were under way when the first was answered, or begun before its worker could have written
 * that down, count as that one: nobody could call them back.
 */
function refusals(calls: readonly ClickUpCall[]): number {
  const refused = calls.filter(isRefused)
  const toldAt = Math.min(...refused.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY))
  return Math.min(1, refused.length) + refused.filter(({ begunAt }) => begunAt > toldAt + HEARD_MS).length
}

function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'catchUp', refusals: 'some' })
  const editor = createEditor(clickup.world, random)
  const endsAt = startedAt + WINDOWS * MINUTE
  startWorkers(run, WORKERS, () => time.now() >= endsAt)
  for (let at = startedAt; at < endsAt; at += EVERY_MS) {
    time.schedule(at, () => editor.edit(random.pick(clickup.taskIds)))
  }
  time.schedule(endsAt, watch.quiet)

  return {
    isOver: watch.isOver,
    bounds: () => {
      const windows = windowsOf(run)
      const used = windows.slice(1, WINDOWS - 1).map((calls) => calls.filter((call) => !isRefused(call)).length)
      return [
        ...watch.common(),
        atMost('refusalsInAWindow', Math.max(0, ...windows.map(refusals)), 1),
        // One to learn from, and one more for whoever learned a little too much.
        atMost('windowsWithRefusals', windows.filter((calls) => calls.some(isRefused)).length, 2),
        shown('leastUsedShareOfAWindow', Math.min(...used) / REALLY),
      ]
    },
  }
}

const scenario = (name: string, title: string, told: Partial<Faults>): Scenario => ({
  name,
  title,
  clickup: { tasks: 500, plan: 'Unlimited', faults: { ...USUAL_WEATHER, rateLimit: REALLY, ...told } },
  longestMs: 30 * MINUTE,
  play,
})

/** The plan says 100, the headers tell what is so. */
export const rateLimitStorm = scenario('rate-limit-storm', 'the limit is really 60, the headers say so', {})

/** The headers say 100 as well, so that only a 429 tells. */
export const lyingHeaders = scenario('rate-limit-lies', 'the limit is really 60, the headers say 100', {
  toldRateLimit: 100,
})
