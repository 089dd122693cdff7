import { ceilingOf } from '../../../core/upstream/lane.ts'
import { SCHEDULES } from '../../../infra/timing.ts'
import { PLANS } from '../../../local/clickup/rate-limit.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atLeast, atMost, none, shown } from '../bounds.ts'
import { backfilledWrongly, repeatedPages, strangersAmong } from '../history.ts'
import { latenessOf, percentile, windowsOf } from '../measure.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { DAY, HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const LIVE_EVERY_MS = 3 * SECOND
const DAYS = 90
const SWEEP_EVERY_MS = SCHEDULES.sweepMinutes * MINUTE
const CALLS_PER_MINUTE = PLANS.Unlimited.callsPerMinute

type Killing = { everyMs: number; times: number; liveEveryMs: number }

/** Reads the history of 90 days while people go on working; with `kill`, its workers die at moments that nobody chose. */
const play = (kill: Killing | null) => (run: Run) => {
  const { time, clickup, random, startedAt, sync, notices } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random)
  const since = clickup.world.now() - DAYS * DAY
  const ids = [...clickup.world.store.tasks.ids()]
  const edited = withoutFamily(clickup, ids)
  const ofPeriod = ids.filter((id) => (clickup.world.task(id)?.updatedAt ?? 0) > since)
  const killed = { times: 0, invocations: 0 }
  const completed = () => notices.filter(({ detailType }) => detailType === 'Backfill Completed')

  function work(): void {
    if (completed().length > 0) {
      watch.quiet()
      return
    }
    editor.edit(random.pick(edited))
    time.schedule(time.now() + (kill?.liveEveryMs ?? LIVE_EVERY_MS), work)
  }
  /** Whatever has lost its message is found by the sweeps, as it is deployed. */
  function sweep(): void {
    if (completed().length > 0) return
    sync.send({ job: 'sweep', reason: 'schedule' })
    time.schedule(time.now() + SWEEP_EVERY_MS, sweep)
  }
  function die({ everyMs, times }: Pick<Killing, 'everyMs' | 'times'>): void {
    const running = sync.kill()
    killed.invocations += running
    if (running > 0) killed.times += 1
    if (killed.times < times && completed().length === 0)
      time.schedule(time.now() + random.int(1, 2 * everyMs), () => die({ everyMs, times }))
  }
  sync.send({ job: 'backfill', reason: 'asked', days: DAYS })
  if (kill !== null) time.schedule(startedAt + SWEEP_EVERY_MS, sweep)
  time.schedule(startedAt + LIVE_EVERY_MS, work)
  if (kill !== null) time.schedule(startedAt + random.int(1, 2 * kill.everyMs), () => die(kill))

  return {
    isOver: watch.isOver,
    bounds: () => {
      const wrong = backfilledWrongly(run, ofPeriod)
      const shares = sharesOfLane(run)
      const common = [
        ...watch.common(),
        shown('tasksOfThePeriod', ofPeriod.length),
        shown('callsOfTheBackfill', clickup.calls.filter(isOfBackfill).length),
        shown('minutes', ((completed()[0]?.at ?? time.now()) - startedAt) / MINUTE),
        none('tasksWithoutTruth', wrong.snapshots),
        none('tasksWithoutBaseline', wrong.baselines),
        none('publishedBesideLiveChanges', strangersAmong(run)),
        none('failedJobInvocations', sync.invocations.timedOut + sync.invocations.failed),
      ]
      if (kill !== null)
        return [
          ...common,
          atLeast('kills', killed.times, kill.times),
          atMost('pagesReadTwice', repeatedPages(run), killed.invocations),
          atLeast('completed', completed().length, 1),
          shown('jobsInTheirDeadLetters', sync.failed),
        ]
      return [
        ...common,
        atLeast('shareOfTheLane', mean(shares), 0.95),
        atMost('mostOfTheLane', Math.max(...shares), 1.02),
        atMost('publishedSecondsP99', percentile(latenessOf(run), 0.99) / SECOND, 5),
        none('failedJobs', sync.failed),
        none('pagesReadTwice', repeatedPages(run)),
        atMost('completed', completed().length, 1),
        atLeast('completedAtLeast', completed().length, 1),
      ]
    },
  }
}

/** What a task shows of its subtasks changes with those, and nobody tells. */
function withoutFamily({ world }: Run['clickup'], ids: readonly string[]): string[] {
  const tasks = ids.flatMap((id) => world.task(id) ?? [])
  const parents = new Set(tasks.flatMap(({ parentId }) => parentId ?? []))
  return tasks.filter(({ id, parentId }) => parentId === null && !parents.has(id)).map(({ id }) => id)
}

const isOfBackfill = ({ by }: { by: string }) => by.startsWith('sync')

/**
 * How much of what its lane allows was used in each window between a backfill's first and its last. The lane ends when a window
 * has had so many calls in all: so it counts how many there were when the backfill made its last one.
 */
function sharesOfLane(run: Run): number[] {
  const windows = windowsOf(run).filter((calls) => calls.some(isOfBackfill))
  return windows.slice(1, -1).map((calls) => {
    const last = calls.findLastIndex(isOfBackfill)
    return (last + 1) / ceilingOf('backfill', CALLS_PER_MINUTE)
  })
}

const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length)

/** As it is in reality, but that reads do not lag: how late changes are then is another scenario's. */
const WEATHER = {
  ...USUAL_WEATHER,
  readLagMs: 0,
  pageLatencyMs: { min: 1_700, max: 1_900 },
  latencyMs: { min: 200, max: 400 },
}

export const backfill: Scenario = {
  name: 'backfill',
  title: 'the history of a workspace with 20,000 tasks, people at work meanwhile',
  clickup: { tasks: 0, old: { tasks: 20_000, timeEntries: 5_000 }, faults: WEATHER },
  longestMs: 2 * HOUR,
  play: play(null),
}

export const backfill100k: Scenario = {
  name: 'backfill-100k',
  title: 'the history of a workspace with 100,000 tasks, people at work meanwhile',
  clickup: { tasks: 0, old: { tasks: 100_000, timeEntries: 20_000 }, faults: WEATHER },
  longestMs: 4 * HOUR,
  play: play(null),
}

export const backfillKilled: Scenario = {
  name: 'backfill-killed',
  title: 'the history of 12,000 tasks, its workers killed 40 times',
  clickup: { tasks: 0, old: { tasks: 12_000, timeEntries: 1_000 }, faults: WEATHER },
  longestMs: 24 * HOUR,
  play: play({ everyMs: 8 * SECOND, times: 40, liveEveryMs: 30 * SECOND }),
}
