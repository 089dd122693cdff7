import { SCHEDULES } from '../../../infra/timing.ts'
import type { Subject } from '../subject.ts'
import { cursor } from './sync-breaks.ts'
import { MINUTE, SECOND, smallWorkspace, syncPlay } from './sync-stage.ts'

const EVERY = SCHEDULES.sweepMinutes * MINUTE
const SWEEPS = 4

/**
 * People work, ClickUp loses some of what they did, and a sweep comes every quarter of an hour. The first of them is disturbed;
 * those after it find what it has left.
 */
export const sweep: Subject = {
  name: 'sweep',
  title: 'what ClickUp never sent is found by a sweep',
  containers: ['sync '],
  breaks: { cursor: { variation: cursor } },
  play(given) {
    const stage = smallWorkspace(given)
    const { run, somebody, task, unheard, at, nextStatus } = stage
    const { world } = run.clickup
    const [list] = world.lists().filter(({ archived }) => !archived)
    if (list === undefined) throw new Error('There is no list.')
    // Heard of, so that it is known how they were.
    for (const number of [0, 1, 2, 3, 4]) at((1 + number) * SECOND, () => nextStatus(task(number)))
    at(2 * MINUTE, () =>
      unheard(() => {
        nextStatus(task(0))
        world.rename(somebody, task(1), 'Renamed without a word')
        world.addTag(somebody, task(1), 'unheard')
        world.setPoints(somebody, task(2), 13)
        world.renameList(somebody, list.id, 'Another name')
        const end = world.now()
        world.trackTime(somebody, { taskId: task(3), start: end - 30 * MINUTE, end })
        world.createTask(somebody, { listId: list.id, name: 'Made without a word' })
      }),
    )
    // Heard of in time, so it is not the sweep's; and one that is heard of while the sweep is at work.
    at(3 * MINUTE, () => nextStatus(task(4)))
    at(EVERY + 2 * SECOND, () => nextStatus(task(4)))
    for (let count = 1; count <= SWEEPS; count += 1)
      at(count * EVERY, () => run.sync.send({ job: 'sweep', reason: 'schedule', everyMinutes: SCHEDULES.sweepMinutes }))
    return syncPlay(
      stage,
      {
        disturbedFrom: EVERY,
        disturbedUntil: EVERY + 5 * MINUTE,
        lastAct: SWEEPS * EVERY,
        longest: (SWEEPS + 2) * EVERY,
      },
      () => ({ synced: run.notices.some(({ detailType }) => detailType === 'Hookline Synced') }),
    )
  },
}
