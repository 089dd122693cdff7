import { seesList } from '../check/compare.ts'
import { unaccounted } from '../virtual/accounted.ts'
import type { Machine } from '../virtual/run.ts'
import { watchBreaker } from './judge-breaker.ts'
import { judgeCalls } from './judge-calls.ts'

/** What was found to be otherwise than it must be at any moment, a line each. */
export type Always = {
  /** Cheap: to be called after whatever happens. */
  look(): void
  /** To be called now and then. */
  lookAtAll(): void
  violations(): string[]
}

/** DESIGN's invariants that hold at every moment, whatever is under way. */
export function watchAlways(machine: Machine): Always {
  const { clickup, notices, published, metric, queue, sync, guard, snapshot } = machine
  const userId = Number(clickup.userId)
  const violations = new Set<string>()
  const breaker = watchBreaker(machine)
  const hidden = new Set<string>()
  const newest = new Map<string, number>()
  const timesOf = new Map<string, string>()
  let noticed = 0
  let read = 0

  /** Every watermark is held against the truth as soon as it is told. */
  function lookAtNotices(): void {
    for (; noticed < notices.length; noticed++) {
      const watermark = notices[noticed]?.watermark
      if (watermark == null) continue
      const ids = clickup.world.tasks().flatMap(({ id }) => (hidden.has(id) ? [] : id))
      const ahead = unaccounted(machine, ids, watermark)
      if (ahead.length > 0) violations.add(`the watermark ${watermark} is ahead of the tasks ${ahead.join(', ')}`)
    }
  }

  /** A change comes again under its own id and as the same thing, or not at all. */
  function lookAtPublished(): void {
    for (; read < published.length; read++) {
      const event = published[read]
      if (event === undefined || event.detailType === 'Task Expanded') continue
      const { changeId, detailType, taskId } = event
      const is = `${detailType} of ${taskId ?? 'no task'}`
      const was = timesOf.get(changeId)
      if (was !== undefined && was !== is) violations.add(`the change ${changeId} was ${was} and then ${is}`)
      timesOf.set(changeId, is)
    }
  }

  /** A watermark speaks of what is in sight; what has changed out of it a census finds when it is seen again. */
  function lookAtHidden(): void {
    for (const { id, listId } of clickup.world.tasks()) if (!seesList(clickup, userId, listId)) hidden.add(id)
  }

  /** What is stored of a task is never replaced by what is older. */
  function lookAtSnapshots(): void {
    for (const { id } of clickup.world.tasks()) {
      const stored = snapshot(id)
      if (stored?.updatedAt == null || stored.state === 'deleted' || stored.state === 'outOfSight') continue
      const { updatedAt } = stored
      const before = newest.get(id)
      if (before !== undefined && updatedAt < before)
        violations.add(`the snapshot of ${id} went back from ${before} to ${updatedAt}`)
      newest.set(id, updatedAt)
    }
  }

  return {
    look() {
      lookAtNotices()
      lookAtPublished()
      breaker.look()
    },
    lookAtAll() {
      lookAtHidden()
      lookAtSnapshots()
      const refused = metric('DeliveriesRefused')
      if (refused > 0) violations.add(`${refused} deliveries were refused`)
      if (queue.quarantined > 0) violations.add(`${queue.quarantined} messages are in quarantine`)
      if (sync.failed + guard.failed > 0) violations.add(`${sync.failed + guard.failed} jobs failed for good`)
    },
    violations: () => [...violations, ...judgeCalls(machine), ...breaker.violations()],
  }
}
