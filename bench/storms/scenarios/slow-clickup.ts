import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const CHANGES = 300
const CHANGING_MS = 2 * MINUTE
const SLOW = { min: 8 * SECOND, max: 8 * SECOND }

function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random)
  for (let change = 0; change < CHANGES; change++) {
    const id = random.pick(clickup.taskIds)
    time.schedule(startedAt + random.int(0, CHANGING_MS), () => editor.edit(id))
  }
  time.schedule(startedAt + CHANGING_MS, watch.quiet)
  // That nothing is lost and no invocation runs into its time-out is asked of every scenario.
  return { isOver: watch.isOver, bounds: watch.common }
}

export const slowClickUp: Scenario = {
  name: 'slow-clickup',
  title: 'every answer takes 8 s',
  clickup: { tasks: 200, faults: { ...USUAL_WEATHER, latencyMs: SLOW, pageLatencyMs: SLOW } },
  longestMs: 2 * HOUR,
  play,
}
