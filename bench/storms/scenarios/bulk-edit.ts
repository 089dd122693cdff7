import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost } from '../bounds.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const TASKS = 2_000
const HALF = TASKS / 2
/** With twins, where a change has one, and duplicates they make 10,000 deliveries. */
const CHANGES = 2_620
const BULK_CHANGES = 2_380
const CHANGING_MS = 50 * SECOND
const BULK_AT_MS = 20 * SECOND

/** Half of the tasks are changed by people here and there, the other half by one of them at a stroke. */
function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random)
  const [one, other] = [clickup.taskIds.slice(0, HALF), clickup.taskIds.slice(HALF)]
  for (let change = 0; change < CHANGES; change++) {
    const id = one[change % HALF]
    if (id !== undefined) time.schedule(startedAt + random.int(0, CHANGING_MS), () => editor.edit(id))
  }
  time.schedule(startedAt + BULK_AT_MS, () => {
    for (const id of other) editor.edit(id, 'status')
    for (const id of other) editor.edit(id, 'priority')
    for (const id of other.slice(0, BULK_CHANGES - 2 * HALF)) editor.edit(id, 'assign')
  })
  time.schedule(startedAt + CHANGING_MS, watch.quiet)

  const minutesTo = (at: number | null) => ((at ?? time.now()) - startedAt) / MINUTE
  return {
    isOver: watch.isOver,
    bounds: () => [
      ...watch.common(),
      atMost('apiCallsInAll', clickup.calls.length, 40),
      atMost('publishedAfterMinutes', ((run.published.at(-1)?.at ?? startedAt) - startedAt) / MINUTE, 3),
      atMost('snapshotsTrueAfterMinutes', minutesTo(watch.trueAt()), 3),
    ],
  }
}

export const bulkEdit: Scenario = {
  name: 'bulk-edit',
  title: '10,000 deliveries on 2,000 tasks within a minute',
  clickup: { tasks: TASKS, faults: { ...USUAL_WEATHER, duplicates: 0.05, reorderingMs: 10 * SECOND } },
  longestMs: 15 * MINUTE,
  play,
}
