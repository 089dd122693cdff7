import type { Subject } from '../subject.ts'
import { CONSUMER_BREAKS } from './consumer-breaks.ts'
import { consumerPlay } from './consumer-stage.ts'
import { MINUTE, SECOND, smallWorkspace } from './sync-stage.ts'

/** Far enough apart that what was disturbed at one is over at the next: the order is not what is tried here. */
const FIRST_SWEEP = 10 * SECOND
const LOST_AT = 5 * MINUTE
const SWEEP = 60 * MINUTE
const LATE = 120 * MINUTE

/** What a sweep has found is worked off: changes, time, a new task; and a delivery comes after it that tells of the same. */
export const consumerFound: Subject = {
  name: 'consumer-found',
  title: 'what a sweep has found, and a delivery that comes after it',
  containers: ['container '],
  breaks: CONSUMER_BREAKS,
  play(given) {
    const stage = smallWorkspace({ ...given, maxConcurrency: 2 })
    const { run, somebody, task, at, nextStatus, unheard } = stage
    const { world, faults } = run.clickup
    const made: string[] = []
    const sweep = () => run.sync.send({ job: 'sweep', reason: 'asked' })
    at(SECOND, () => {
      nextStatus(task(0))
      nextStatus(task(3))
    })
    at(FIRST_SWEEP, sweep)
    at(LOST_AT, () => {
      unheard(() => {
        nextStatus(task(0))
        nextStatus(task(1))
        const end = world.now() - SECOND
        world.trackTime(somebody, { taskId: task(2), start: end - MINUTE, end })
        const [list] = world.lists()
        if (list !== undefined) made.push(world.createTask(somebody, { listId: list.id, name: 'New' }).id)
        if (list !== undefined) world.renameList(somebody, list.id, 'Renamed')
      })
      faults.lateChanges = { share: 1, ms: LATE - LOST_AT }
      nextStatus(task(3))
      faults.lateChanges = { share: 0, ms: 0 }
    })
    // What was disturbed in the first of them may be left to the others, as it is where they come by the clock.
    for (const more of [0, 15, 30]) at(SWEEP + more * MINUTE, sweep)
    return consumerPlay(stage, { disturbedFrom: SWEEP, lastAct: LATE + MINUTE, longest: LATE + 120 * MINUTE }, () => [
      ...[0, 1, 2, 3].map(task),
      ...made,
    ])
  },
}
