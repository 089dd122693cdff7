import { SCHEDULES } from '../../../infra/timing.ts'
import type { Subject } from '../subject.ts'
import { cursor } from './sync-breaks.ts'
import { MINUTE, SECOND, smallWorkspace, syncPlay } from './sync-stage.ts'

const SWEEP_EVERY = SCHEDULES.sweepMinutes * MINUTE
const COUNTED_AT = 35 * MINUTE
const LAST = 120 * MINUTE

/** Tasks are deleted without a word, and every list is counted. */
export const census: Subject = {
  name: 'census',
  title: 'deletions of which nobody was told are found by a census',
  containers: ['sync '],
  breaks: { cursor: { variation: cursor } },
  play(given) {
    const stage = smallWorkspace(given)
    const { run, somebody, task, unheard, at, nextStatus } = stage
    const { world } = run.clickup
    for (const number of [0, 1, 2, 3]) at((1 + number) * SECOND, () => nextStatus(task(number)))
    at(2 * MINUTE, () =>
      unheard(() => {
        world.deleteTask(somebody, task(0))
        world.deleteTask(somebody, task(1))
      }),
    )
    for (let when = SWEEP_EVERY; when <= LAST; when += SWEEP_EVERY)
      at(when, () => run.sync.send({ job: 'sweep', reason: 'schedule', everyMinutes: SCHEDULES.sweepMinutes }))
    at(COUNTED_AT, () => run.sync.send({ job: 'census', reason: 'asked', everything: true }))
    for (let when = 60 * MINUTE; when <= LAST; when += SCHEDULES.censusMinutes * MINUTE)
      at(when, () => run.sync.send({ job: 'census', reason: 'schedule', everyMinutes: SCHEDULES.censusMinutes }))
    return syncPlay(
      stage,
      {
        disturbedFrom: COUNTED_AT,
        disturbedUntil: COUNTED_AT + 5 * MINUTE,
        lastAct: LAST,
        longest: LAST + 60 * MINUTE,
      },
      () => ({ states: [0, 1, 2, 3].map((number) => run.snapshot(task(number))?.state ?? null) }),
    )
  },
}
