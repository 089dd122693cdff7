import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost } from '../bounds.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const CHANGES = 1_000
const CHANGING_MS = 10 * SECOND

function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'lastChange' })
  const editor = createEditor(clickup.world, random)
  const id = random.pick(clickup.taskIds)
  for (let change = 0; change < CHANGES; change++) {
    time.schedule(startedAt + (change * CHANGING_MS) / CHANGES, () => editor.edit(id))
  }
  time.schedule(startedAt + CHANGING_MS, watch.quiet)
  return {
    isOver: watch.isOver,
    bounds: () => [...watch.common(), atMost('apiCallsInAll', clickup.calls.length, 6)],
  }
}

export const hotTask: Scenario = {
  name: 'hot-task',
  title: '1,000 changes of one task within 10 s',
  clickup: { tasks: 100, faults: USUAL_WEATHER },
  longestMs: 15 * MINUTE,
  play,
}
