import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost } from '../bounds.ts'
import { latenessOf, percentile } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const CHANGES = 200
const EVERY_MS = 3 * SECOND

const play = (most: { callsPerChange: number; publishedSeconds: number }) => (run: Run) => {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'lastChange' })
  const editor = createEditor(clickup.world, random)
  for (const [change, id] of random.shuffle(clickup.taskIds).slice(0, CHANGES).entries()) {
    time.schedule(startedAt + change * EVERY_MS, () => editor.edit(id))
  }
  time.schedule(startedAt + (CHANGES - 1) * EVERY_MS, watch.quiet)
  return {
    isOver: watch.isOver,
    bounds: () => [
      ...watch.common(),
      atMost('callsPerChange', clickup.calls.length / CHANGES, most.callsPerChange),
      atMost('publishedSecondsP99', percentile(latenessOf(run), 0.99) / SECOND, most.publishedSeconds),
    ],
  }
}

/** A quiet office: one change every 3 s, each of another task. */
export const trickle: Scenario = {
  name: 'trickle',
  title: 'one change every 3 s for 10 minutes, reads at once',
  clickup: { tasks: 1_000, faults: { ...USUAL_WEATHER, readLagMs: 0 } },
  longestMs: 30 * MINUTE,
  play: play({ callsPerChange: 1, publishedSeconds: 5 }),
}

export const laggingTrickle: Scenario = {
  name: 'trickle-with-lag',
  title: 'one change every 3 s for 10 minutes, reads up to 3 s late',
  clickup: { tasks: 1_000, faults: USUAL_WEATHER },
  longestMs: 30 * MINUTE,
  play: play({ callsPerChange: 2, publishedSeconds: 9 }),
}
