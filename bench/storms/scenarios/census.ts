import { SCHEDULES } from '../../../infra/timing.ts'
import { inApp } from '../../../local/clickup/world/mutation.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atMost, none, shown } from '../bounds.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { DAY, HOUR, MINUTE, USUAL_WEATHER } from '../weather.ts'

const SWEEP_EVERY_MS = SCHEDULES.sweepMinutes * MINUTE
const CENSUS_EVERY_MS = SCHEDULES.censusMinutes * MINUTE
const DELETED = 5
const DELETED_AT_ONCE = 100
const DELETION_AT_MS = 2 * HOUR
const ACCESS_LOST_AT_MS = 4.5 * HOUR
const COUNTED_BEFORE_MS = 25_000
const MASSACRE_AT_MS = 30 * HOUR
const UNTIL_MS = MASSACRE_AT_MS + 25 * HOUR
/** What the truth of every snapshot would say of tasks that are out of sight, or gone without anybody believing it. */
const OF_EVERY_TASK = ['wrongSnapshots', 'truthAfterSeconds']

/** Two days of counting: deletions that nobody delivered, a space that goes out of sight, and a hundred deletions at once. */
function play(run: Run) {
  const { time, clickup, random, startedAt, sync } = run
  const { world, faults } = clickup
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const somebody = inApp(random.pick(world.users().filter(({ bot }) => !bot)).id)
  const bySpace = Map.groupBy(clickup.taskIds, (id) => spaceOf(run, id))
  const [hidden = '', open = ''] = [...bySpace].sort(([, a], [, b]) => a.length - b.length).map(([id]) => id)
  const outOfSight = bySpace.get(hidden) ?? []
  const visible = bySpace.get(open) ?? []
  const lists = Map.groupBy(visible, (id) => world.task(id)?.listId ?? '')
  const [largest = []] = [...lists.values()].sort((a, b) => b.length - a.length)
  const atOnce = largest.slice(0, DELETED_AT_ONCE)
  const deleted = visible.filter((id) => !atOnce.includes(id)).slice(0, DELETED)

  function unheard(act: () => void): void {
    faults.lostChanges = 1
    act()
    faults.lostChanges = 0
  }
  const remove = (ids: readonly string[]) =>
    unheard(() => {
      for (const id of ids) world.deleteTask(somebody, id)
    })

  sync.send({ job: 'backfill', reason: 'asked', days: null })
  for (let at = SWEEP_EVERY_MS; at < UNTIL_MS; at += SWEEP_EVERY_MS)
    time.schedule(startedAt + at, () => sync.send({ job: 'sweep', reason: 'schedule' }))
  for (let at = CENSUS_EVERY_MS; at < UNTIL_MS; at += CENSUS_EVERY_MS)
    time.schedule(startedAt + at, () => sync.send({ job: 'census', reason: 'schedule' }))
  time.schedule(startedAt + DELETION_AT_MS, () => remove(deleted))
  // In the middle of a census that counts everything.
  time.schedule(startedAt + ACCESS_LOST_AT_MS - COUNTED_BEFORE_MS, () =>
    sync.send({ job: 'census', reason: 'asked', everything: true }),
  )
  time.schedule(startedAt + ACCESS_LOST_AT_MS, () =>
    unheard(() => world.makePrivate(somebody, hidden, [somebody.userId])),
  )
  time.schedule(startedAt + MASSACRE_AT_MS, () => remove(atOnce))
  time.schedule(startedAt + UNTIL_MS, watch.quiet)

  return {
    isOver: watch.isOver,
    bounds: () => {
      const told = run.published.filter(({ detailType }) => detailType === 'Task Deleted')
      const toldOf = (ids: readonly string[]) => told.filter(({ taskId }) => taskId !== null && ids.includes(taskId))
      const isIn = (id: string, state: string) => run.snapshot(id)?.state === state
      const counting = clickup.calls.filter(({ by, path }) => by.startsWith('sync') && COUNTING.test(path))
      const day = counting.filter(({ begunAt }) => begunAt >= startedAt + HOUR && begunAt < startedAt + HOUR + DAY)
      return [
        ...watch.common().filter(({ figure }) => !OF_EVERY_TASK.includes(figure)),
        none('deletionsNotFound', deleted.length - new Set(toldOf(deleted).map(({ taskId }) => taskId)).size),
        none('deletionsFoundTwice', told.length - new Set(told.map(({ changeId }) => changeId)).size),
        shown('tasksOutOfSight', outOfSight.length),
        none('toldAsDeletedOfThem', toldOf(outOfSight).length),
        none('notKnownToBeOutOfSight', outOfSight.filter((id) => !isIn(id, 'outOfSight')).length),
        shown('deletedAtOnce', atOnce.length),
        none('toldAsDeletedOfThose', toldOf(atOnce).length),
        none('censusesNotHalted', run.metric('CensusHalted') > 0 ? 0 : 1),
        atMost('callsADay', day.length, 400),
        atMost('mostCallsAnHour', mostAnHour(day), 150),
        none('failedJobs', sync.failed + sync.invocations.failed + sync.invocations.timedOut),
      ]
    },
  }
}

/** A page of a list, or a single task. */
const COUNTING = /^\/v2\/(list\/[^/]+\/task|task\/[^/?]+($|\?))/

function spaceOf({ clickup: { world } }: Run, taskId: string): string {
  const task = world.task(taskId)
  return (task && world.locate(task)?.space.id) ?? ''
}

const mostAnHour = (calls: readonly { begunAt: number }[]): number =>
  Math.max(
    0,
    ...[...Map.groupBy(calls, ({ begunAt }) => Math.floor(begunAt / HOUR)).values()].map(({ length }) => length),
  )

export const census: Scenario = {
  name: 'census',
  title: 'two days of counting: lost deletions, a space out of sight, a hundred deletions at once',
  clickup: { tasks: 4_000, faults: USUAL_WEATHER },
  longestMs: UNTIL_MS + 2 * HOUR,
  play,
}
