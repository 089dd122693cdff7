import type { Subject } from '../subject.ts'
import { CONSUMER_BREAKS } from './consumer-breaks.ts'
import { consumerPlay } from './consumer-stage.ts'
import { MINUTE, SECOND, smallWorkspace } from './sync-stage.ts'

const DOWN_FROM = 3 * MINUTE
const DOWN_UNTIL = 16 * MINUTE

/** The budget is spent, then ClickUp is down for longer than a change waits: it is published without its task, which comes later. */
export const consumerWaits: Subject = {
  name: 'consumer-waits',
  title: 'a budget that is spent, an outage, what is published without its task and what is owed',
  containers: ['container '],
  breaks: CONSUMER_BREAKS,
  play(given) {
    const stage = smallWorkspace({ ...given, maxConcurrency: 2 })
    const { run, task, at, nextStatus } = stage
    const { faults } = run.clickup
    faults.rateLimit = 1
    at(SECOND, () => {
      nextStatus(task(0))
      nextStatus(task(1))
    })
    at(30 * SECOND, () => {
      faults.rateLimit = null
    })
    at(DOWN_FROM, () => {
      faults.outage = { from: run.time.now(), until: run.startedAt + DOWN_UNTIL, answer: 503 }
      nextStatus(task(3))
    })
    return consumerPlay(stage, { lastAct: DOWN_UNTIL, longest: 120 * MINUTE }, () => [task(0), task(1), task(3)])
  },
}
