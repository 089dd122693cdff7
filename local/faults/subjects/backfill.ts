import { SCHEDULES } from '../../../infra/timing.ts'
import type { Subject } from '../subject.ts'
import { cursor } from './sync-breaks.ts'
import { MINUTE, SECOND, smallWorkspace, syncPlay } from './sync-stage.ts'

const SWEEP_EVERY = SCHEDULES.sweepMinutes * MINUTE
const SWEEPS = 5
const DAYS = 30
/** So few that it has to wait, and gives itself on by the queue. */
const CALLS_PER_MINUTE = 40

/** The history of a month is read while people work; sweeps come every quarter of an hour, as they are deployed. */
export const backfill: Subject = {
  name: 'backfill',
  title: 'the history of before the connection is read',
  containers: ['sync '],
  breaks: { cursor: { variation: cursor } },
  play(given) {
    const stage = smallWorkspace(given, { faults: { rateLimit: CALLS_PER_MINUTE } })
    const { run, somebody, task, at, nextStatus } = stage
    const { clickup, notices } = run
    const { world } = clickup
    const end = world.now() - 60 * MINUTE
    world.inThePast(end, () => world.trackTime(somebody, { taskId: task(3), start: end - 30 * MINUTE, end }))
    at(SECOND, () => run.sync.send({ job: 'backfill', reason: 'asked', days: DAYS }))
    for (const number of [0, 1, 2]) at((5 + 10 * number) * SECOND, () => nextStatus(task(number)))
    for (let count = 1; count <= SWEEPS; count += 1)
      at(count * SWEEP_EVERY, () =>
        run.sync.send({ job: 'sweep', reason: 'schedule', everyMinutes: SCHEDULES.sweepMinutes }),
      )
    return syncPlay(
      stage,
      {
        disturbedFrom: 0,
        disturbedUntil: SWEEP_EVERY,
        lastAct: SWEEPS * SWEEP_EVERY,
        longest: (SWEEPS + 2) * SWEEP_EVERY,
      },
      () => ({
        withoutBaseline: clickup.taskIds.filter((id) => run.known(id)?.begun !== true),
        completed: notices.some(({ detailType }) => detailType === 'Backfill Completed'),
      }),
    )
  },
}
