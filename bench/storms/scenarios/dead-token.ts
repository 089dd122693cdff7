import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atLeast, atMost, none } from '../bounds.ts'
import { callsBetween, unexpandedOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const EVERY_MS = 5 * SECOND
const DEAD_FROM_MS = 2 * MINUTE
const DEAD_MS = HOUR
const GOES_ON_MS = 3 * MINUTE

/** Probes after 1, 2, 4, 8, 15, 15 ... minutes, and what was under way when it was refused first. */
const FEW = 15
/** By then the longest wait of whatever was put off has passed. */
const RECOVERED_WITHIN_MINUTES = 16

function play(run: Run) {
  const { time, clickup, random, startedAt } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random)
  const deadAt = startedAt + DEAD_FROM_MS
  const renewedAt = deadAt + DEAD_MS
  const endsAt = renewedAt + GOES_ON_MS
  time.schedule(deadAt, () => clickup.revokeToken(clickup.tokens.service))
  // ClickUp cannot make one by its API: somebody makes it by hand and brings it.
  time.schedule(renewedAt, () => run.putToken(clickup.issueToken(Number(clickup.userId))))

  function work(): void {
    editor.edit(random.pick(clickup.taskIds))
    if (time.now() + EVERY_MS < endsAt) time.schedule(time.now() + EVERY_MS, work)
    else watch.quiet()
  }
  time.schedule(startedAt, work)

  return {
    isOver: watch.isOver,
    bounds: () => [
      ...watch.common(),
      none('neverExpanded', unexpandedOf(run)),
      atMost('callsWhileDead', callsBetween(run, deadAt, renewedAt).length, FEW),
      atLeast('alarmMetric', run.metric('TokenDead'), 1),
      atMost(
        'recoveredWithinMinutes',
        ((watch.throughAt() ?? time.now()) - renewedAt) / MINUTE,
        RECOVERED_WITHIN_MINUTES,
      ),
    ],
  }
}

export const deadToken: Scenario = {
  name: 'dead-token',
  title: 'the token is refused for an hour',
  clickup: { tasks: 500, faults: USUAL_WEATHER },
  longestMs: 3 * HOUR,
  play,
}
