import { SCHEDULES } from '../../../infra/timing.ts'
import { lostChanges, sweptChanges, unaccounted } from '../../../local/virtual/accounted.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import type { Run } from '../../../local/virtual/run.ts'
import { atLeast, atMost, none, shown } from '../bounds.ts'
import type { Scenario } from '../scenario.ts'
import { createWatch } from '../watch.ts'
import { DAY, HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../weather.ts'

const EVERY_MS = SCHEDULES.sweepMinutes * MINUTE
const REST_MS = 6 * HOUR
const WORK_MS = DAY
const CHANGE_EVERY_MS = 30 * SECOND
/** By then what was lost at the end is old enough, and has been seen by a sweep. */
const AFTER_MS = 45 * MINUTE

/** A night without changes, then a day in which every tenth change is never delivered; a sweep every quarter of an hour. */
function play(run: Run) {
  const { time, clickup, random, startedAt, sync, notices } = run
  const watch = createWatch(run, { within30sOf: 'catchUp' })
  const editor = createEditor(clickup.world, random, { comment: 0, move: 20 })
  const restFrom = startedAt + EVERY_MS
  const workFrom = restFrom + REST_MS
  const workUntil = workFrom + WORK_MS
  let isQuiet = false
  let read = 0
  let watermark = startedAt
  const lag = { calm: 0, busy: 0 }
  const ahead: { watermark: number; tasks: string[] }[] = []

  sync.send({ job: 'backfill', reason: 'asked', days: null })
  for (let at = restFrom; at < workUntil + AFTER_MS; at += EVERY_MS)
    time.schedule(at, () => sync.send({ job: 'sweep', reason: 'schedule' }))
  time.schedule(workFrom, () => {
    clickup.faults.lostChanges = 0.1
    // Late, and still in time for their changes to be their own.
    clickup.faults.lateChanges = { share: 0.05, ms: 9 * MINUTE }
  })
  for (let at = workFrom; at < workUntil; at += CHANGE_EVERY_MS)
    time.schedule(at, () => editor.edit(random.pick(clickup.taskIds)))
  time.schedule(workUntil + AFTER_MS, () => {
    isQuiet = true
    watch.quiet()
  })

  /** Every watermark is held against the truth as soon as it is told. */
  function look(): void {
    for (; read < notices.length; read++) {
      const notice = notices[read]
      if (notice?.watermark == null) continue
      const age = notice.at - watermark
      if (notice.at < workFrom) lag.calm = Math.max(lag.calm, age)
      else lag.busy = Math.max(lag.busy, age)
      watermark = notice.watermark
      const tasks = unaccounted(run, clickup.taskIds, watermark)
      if (tasks.length > 0) ahead.push({ watermark, tasks })
    }
  }

  return {
    isOver() {
      look()
      return isQuiet && watch.isOver()
    },
    bounds: () => {
      const calls = clickup.calls.filter(({ by }) => by.startsWith('sync'))
      const callsADay = (from: number, until: number) =>
        (calls.filter(({ begunAt }) => begunAt >= from && begunAt < until).length * DAY) / (until - from)
      const { swept, unexplained } = sweptChanges(run)
      return [
        ...watch.common(),
        shown('lostByClickUp', lostChanges(run).length),
        atLeast('repaired', swept.length, 1),
        none('notAccountedFor', unaccounted(run, clickup.taskIds, Number.POSITIVE_INFINITY).length),
        none('doubles', unexplained.length),
        none('watermarksAheadOfTheLedger', ahead.length),
        atMost('watermarkAgeMinutesInCalm', lag.calm / MINUTE, 30),
        atMost('watermarkAgeMinutesWithLosses', lag.busy / MINUTE, 60),
        atMost('callsADayAtRest', callsADay(restFrom + EVERY_MS, workFrom), 2_400),
        shown('callsADayWithLosses', callsADay(workFrom, workUntil)),
        shown('sweeps', notices.filter(({ detailType }) => detailType === 'Hookline Synced').length),
        none('failedJobs', sync.failed + sync.invocations.failed + sync.invocations.timedOut),
      ]
    },
  }
}

export const sweep: Scenario = {
  name: 'sweep',
  title: 'a night of rest, then a day in which every tenth change is never delivered',
  clickup: { tasks: 500, faults: USUAL_WEATHER },
  longestMs: 3 * DAY,
  play,
}
