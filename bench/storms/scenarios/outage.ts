import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost, none } from '../bounds.ts'
import { callsBetween, mostCallsWithin, unexpandedOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const DAY = 24 * HOUR
const WORKING_BEFORE_MS = MINUTE
/** Most changes are two deliveries, some have no twin: together one a second. */
const EVERY_MS = 1.8 * SECOND

/** One probe a minute, some more until the breaker has slowed down, and what was under way when it opened. */
const probesIn = (outageMs: number) => outageMs / MINUTE + 20

function play(run: Run, outageMs: number) {
  const { time, clickup, random, startedAt, queue } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random, { deleteTask: 2, move: 2 })
  const from = startedAt + WORKING_BEFORE_MS
  const until = from + outageMs
  clickup.faults.outage = { from, until, answer: 'disconnect' }

  function work(): void {
    editor.edit(random.pick(clickup.taskIds))
    if (time.now() + EVERY_MS < until) time.schedule(time.now() + EVERY_MS, work)
  }
  time.schedule(startedAt, work)
  time.schedule(until, watch.quiet)

  return {
    isOver: watch.isOver,
    bounds: () => {
      const during = callsBetween(run, from, until)
      return [
        ...watch.common(),
        none('neverExpanded', unexpandedOf(run)),
        atMost('callsDuringOutage', during.length, probesIn(outageMs)),
        atMost('mostCallsAMinuteOnceOpen', mostCallsWithin(callsBetween(run, from + 2 * MINUTE, until), MINUTE), 2),
        atMost('queueRequestsPerDelivery', queue.requests.total / queue.accepted, 5),
        atMost('caughtUpMinutes', ((watch.throughAt() ?? time.now()) - until) / MINUTE, 30),
      ]
    },
  }
}

/** One of so many milliseconds. */
export const outageOf = (outageMs: number): Scenario => ({
  name: 'outage',
  title: `ClickUp is down for ${outageMs / HOUR} h, one delivery a second`,
  clickup: { tasks: 4_000, faults: USUAL_WEATHER },
  longestMs: WORKING_BEFORE_MS + outageMs + 3 * HOUR,
  play: (run) => play(run, outageMs),
})

export const outage: Scenario = { ...outageOf(DAY), quick: outageOf(4 * HOUR) }
