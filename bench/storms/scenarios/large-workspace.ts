import { PLANS } from '../../../local/clickup/rate-limit.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost } from '../bounds.ts'
import { callsBetween, latenessOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { HOUR, MINUTE, USUAL_WEATHER } from '../weather.ts'

const TASKS_AN_HOUR = 20_000

function play(run: Run, ms: number) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'lastChange' })
  const editor = createEditor(clickup.world, random, { deleteTask: 3 })
  for (const [change, id] of random.shuffle(clickup.taskIds).entries()) {
    time.schedule(startedAt + (change * HOUR) / TASKS_AN_HOUR, () => editor.edit(id))
  }
  time.schedule(startedAt + ms, watch.quiet)
  return {
    isOver: watch.isOver,
    bounds: () => [
      ...watch.common(),
      atMost('behindMinutes', (latenessOf(run).at(-1) ?? 0) / MINUTE, 1),
      atMost(
        'shareOfBudget',
        callsBetween(run, startedAt, startedAt + ms).length / ((ms / MINUTE) * PLANS.Unlimited.callsPerMinute),
        0.35,
      ),
    ],
  }
}

const largeWorkspaceOf = (ms: number): Scenario => {
  const tasks = (ms * TASKS_AN_HOUR) / HOUR
  return {
    name: 'large-workspace',
    title: `${tasks.toLocaleString('en-US')} tasks change in ${ms / MINUTE} min, evenly`,
    clickup: { tasks, faults: USUAL_WEATHER },
    longestMs: 2 * ms,
    play: (run) => play(run, ms),
  }
}

export const largeWorkspace: Scenario = { ...largeWorkspaceOf(HOUR), quick: largeWorkspaceOf(HOUR / 4) }
