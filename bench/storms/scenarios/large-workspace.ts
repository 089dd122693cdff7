import { PLANS } from '../../../local/clickup/rate-limit.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost } from '../bounds.ts'
import { callsBetween, latenessOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { HOUR, MINUTE, USUAL_WEATHER } from '../weather.ts'

const TASKS = 20_000

function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'lastChange' })
  const editor = createEditor(clickup.world, random, { deleteTask: 3 })
  for (const [change, id] of random.shuffle(clickup.taskIds).entries()) {
    time.schedule(startedAt + (change * HOUR) / TASKS, () => editor.edit(id))
  }
  time.schedule(startedAt + HOUR, watch.quiet)
  return {
    isOver: watch.isOver,
    bounds: () => [
      ...watch.common(),
      atMost('behindMinutes', (latenessOf(run).at(-1) ?? 0) / MINUTE, 1),
      atMost(
        'shareOfBudget',
        callsBetween(run, startedAt, startedAt + HOUR).length / (60 * PLANS.Unlimited.callsPerMinute),
        0.35,
      ),
    ],
  }
}

export const largeWorkspace: Scenario = {
  name: 'large-workspace',
  title: '20,000 tasks change in an hour, evenly',
  clickup: { tasks: TASKS, faults: USUAL_WEATHER },
  longestMs: 2 * HOUR,
  play,
}
