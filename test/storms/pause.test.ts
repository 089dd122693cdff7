import { describe, expect, test } from 'vitest'
import { callsBetween, mostCallsWithin } from '../../bench/storms/measure.ts'
import type { Scenario } from '../../bench/storms/scenario.ts'
import { simulate } from '../../bench/storms/simulate.ts'
import { createWatch } from '../../bench/storms/watch.ts'
import { HOUR, MINUTE, SECOND, USUAL_WEATHER } from '../../bench/storms/weather.ts'
import { SCHEDULES } from '../../infra/timing.ts'
import { sweptChanges, unaccounted } from '../../local/virtual/accounted.ts'
import { createEditor } from '../../local/virtual/edits.ts'
import type { Run } from '../../local/virtual/run.ts'

const SWEEP_MS = SCHEDULES.sweepMinutes * MINUTE
const BEFORE_MS = 10 * MINUTE
const PAUSE_MS = HOUR
const AFTER_MS = 10 * MINUTE
/** By then what was lost at the end is old enough, and has been seen by a sweep. */
const REST_MS = 35 * MINUTE
const EDIT_EVERY_MS = 12 * SECOND
/** What is seen of a pause is kept for some seconds, and a call that is under way ends. */
const HEEDED_MS = 20 * SECOND

/** Work all the time, of which ClickUp loses a little, and an hour in the middle in which nothing is to be done. */
async function paused({ polled, seed }: { polled: boolean; seed: number }) {
  let made: Run | null = null
  const ahead: string[] = []
  const scenario: Scenario = {
    name: 'pause',
    title: 'a pause of an hour under load',
    clickup: {
      tasks: 60,
      faults: { ...USUAL_WEATHER, lostChanges: 0.02, lateChanges: { share: 0.05, ms: 5 * MINUTE } },
    },
    longestMs: 5 * HOUR,
    play(run) {
      made = run
      const { time, startedAt, clickup, random, sync, notices } = run
      const watch = createWatch(run, { within30sOf: 'catchUp' })
      const editor = createEditor(clickup.world, random, { comment: 0 })
      const [pauseAt, resumeAt] = [startedAt + BEFORE_MS, startedAt + BEFORE_MS + PAUSE_MS]
      const quietAt = resumeAt + AFTER_MS + REST_MS
      const scheduled = { job: 'sweep', reason: 'schedule', everyMinutes: SCHEDULES.sweepMinutes } as const
      sync.send({ job: 'backfill', reason: 'asked', days: null })
      for (let at = startedAt + SWEEP_MS; at < quietAt; at += SWEEP_MS) time.schedule(at, () => sync.send(scheduled))
      for (let at = startedAt; at < resumeAt + AFTER_MS; at += EDIT_EVERY_MS)
        time.schedule(at, () => editor.edit(random.pick(clickup.taskIds)))
      time.schedule(pauseAt, () => void run.pause({ polled }))
      time.schedule(resumeAt, () => void run.resume())
      let isQuiet = false
      time.schedule(quietAt, () => {
        isQuiet = true
        watch.quiet()
      })
      let read = 0
      return {
        isOver() {
          for (; read < notices.length; read++) {
            const watermark = notices[read]?.watermark
            if (watermark != null) ahead.push(...unaccounted(run, clickup.taskIds, watermark))
          }
          return isQuiet && watch.isOver()
        },
        bounds: watch.common,
      }
    },
  }
  const result = await simulate(scenario, { seed })
  if (made === null) throw new Error('It was not played.')
  const run: Run = made
  const pauseAt = run.startedAt + BEFORE_MS
  return { result, run, ahead, heededAt: pauseAt + HEEDED_MS, resumedAt: pauseAt + PAUSE_MS }
}

describe.each([
  ['Lambda leaves the queues alone', { polled: false, seed: 3 }],
  ['Lambda polls all the same', { polled: true, seed: 4 }],
])('an hour under load, while %s', (_how, how) => {
  let played: ReturnType<typeof paused> | undefined
  const playedOnce = () => {
    played ??= paused(how)
    return played
  }

  test('ClickUp is not asked, nothing is published, and no sweep runs', async () => {
    const { run, heededAt, resumedAt } = await playedOnce()
    const during = ({ at }: { at: number }) => at >= heededAt && at < resumedAt
    expect(callsBetween(run, run.startedAt, heededAt).length).toBeGreaterThan(25)
    expect(callsBetween(run, heededAt, resumedAt)).toEqual([])
    expect(run.published.filter(during)).toEqual([])
    expect(run.notices.filter(during)).toEqual([])
    expect(run.published.filter(({ at }) => at >= resumedAt).length).toBeGreaterThan(200)
  })

  test('afterwards nothing is lost, nothing doubled, nothing in quarantine, and the budget was kept', async () => {
    const { result, run, resumedAt } = await playedOnce()
    // Among them: no call that was refused for its rate, no lost change, nothing in quarantine, and every snapshot true.
    expect(result.bounds.filter(({ ok }) => !ok)).toEqual([])
    expect(run.queue.quarantined + run.sync.failed).toBe(0)
    expect(mostCallsWithin(callsBetween(run, resumedAt, run.time.now()), MINUTE)).toBeLessThanOrEqual(100)
    const ids = run.published.map(({ changeId }) => changeId)
    expect(new Set(ids).size).toBe(ids.length)
    const { swept, unexplained } = sweptChanges(run)
    expect(swept.length).toBeGreaterThan(0)
    expect(unexplained).toEqual([])
    expect(unaccounted(run, run.clickup.taskIds, Number.POSITIVE_INFINITY)).toEqual([])
  })

  test('no change is published without its task because of it, and no watermark runs ahead', async () => {
    const { run, ahead } = await playedOnce()
    expect(run.published.filter(({ degraded }) => degraded)).toEqual([])
    expect(run.metric('ChangesDegraded')).toBe(0)
    expect(ahead).toEqual([])
  })

  test('the sweeps that were due meanwhile are made up for by one', async () => {
    const { run, resumedAt } = await playedOnce()
    const synced = run.notices.filter(({ detailType, at }) => detailType === 'Hookline Synced' && at >= resumedAt)
    expect(synced[0]?.at).toBeLessThan(resumedAt + 2 * SWEEP_MS)
    const left = (AFTER_MS + REST_MS) / SWEEP_MS
    expect(synced.length).toBeLessThanOrEqual(Math.ceil(left) + 1)
  })
})
