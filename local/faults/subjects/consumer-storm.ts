import type { Subject } from '../subject.ts'
import { CONSUMER_BREAKS } from './consumer-breaks.ts'
import { consumerPlay } from './consumer-stage.ts'
import { MINUTE, SECOND, smallWorkspace } from './sync-stage.ts'

const MANY = 6

/** More tasks change at once than are read one by one: they wait for a listing, and some of them change again meanwhile. */
export const consumerStorm: Subject = {
  name: 'consumer-storm',
  title: 'many tasks change at once and are listed',
  containers: ['container '],
  breaks: CONSUMER_BREAKS,
  play(given) {
    const stage = smallWorkspace({ ...given, maxConcurrency: 2 })
    const { run, somebody, at, nextStatus } = stage
    const { world } = run.clickup
    const ids = world
      .tasks()
      .filter(({ parentId }) => parentId === null)
      .map(({ id }) => id)
      .slice(0, MANY)
    at(SECOND, () => {
      for (const id of ids) nextStatus(id)
    })
    at(5 * SECOND, () => {
      for (const id of ids.slice(0, 3)) world.setPriority(somebody, id, 2)
    })
    return consumerPlay(stage, { lastAct: 6 * SECOND, longest: 30 * MINUTE }, () => ids)
  },
}
