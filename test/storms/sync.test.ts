import { expect, test } from 'vitest'
import { BREAKS } from '../../bench/storms/breaks.ts'
import { backfilledWrongly, strangersAmong } from '../../bench/storms/history.ts'
import type { Scenario } from '../../bench/storms/scenario.ts'
import { simulate } from '../../bench/storms/simulate.ts'
import { createWatch } from '../../bench/storms/watch.ts'
import { HOUR, SECOND, USUAL_WEATHER } from '../../bench/storms/weather.ts'
import type { Run } from '../../local/virtual/run.ts'
import type { Variation } from '../../local/virtual/variation.ts'

const TASKS = 1_500

/** A backfill of which every worker is killed after so long, until one is left alone. */
async function killed(afterMs: readonly number[], variation: Variation = {}) {
  let made: Run | null = null
  const scenario: Scenario = {
    name: 'test',
    title: 'a test',
    clickup: { tasks: 0, old: { tasks: TASKS, timeEntries: 50 }, faults: { ...USUAL_WEATHER, readLagMs: 0 } },
    longestMs: 6 * HOUR,
    play(run) {
      made = run
      const watch = createWatch(run, { within30sOf: 'catchUp' })
      run.sync.send({ job: 'backfill', reason: 'asked', days: null })
      const left = [...afterMs]
      // Its message comes back when its visibility has ended: until then nothing runs.
      function next(): void {
        const isRunning = run.sync.invocations.running > 0
        const ms = isRunning ? left.shift() : SECOND
        if (ms === undefined) watch.quiet()
        else
          run.time.schedule(run.time.now() + ms, () => {
            if (isRunning) run.sync.kill()
            run.time.schedule(run.time.now() + SECOND, next)
          })
      }
      next()
      return { isOver: watch.isOver, bounds: watch.common }
    },
  }
  const result = await simulate(scenario, { seed: 5, variation })
  if (made === null) throw new Error('It was not played.')
  const run: Run = made
  const wrong = backfilledWrongly(run, [...run.clickup.world.store.tasks.ids()])
  const completed = run.notices.filter(({ detailType }) => detailType === 'Backfill Completed').length
  return { result, run, wrong, completed }
}

test('a job that is killed is gone on with by whoever gets its message next', async () => {
  const { run, wrong, completed } = await killed([12_000, 9_000])
  expect(wrong).toEqual({ snapshots: 0, baselines: 0 })
  expect(completed).toBe(1)
  expect(strangersAmong(run)).toBe(0)
  expect(run.sync.invocations.begun).toBeGreaterThan(2)
  expect(run.time.now() - run.startedAt).toBeGreaterThan(2 * 720 * SECOND)
})

test('one that saves before it sends loses what it has found', async () => {
  const { wrong } = await killed([12_000, 9_000, 7_000], BREAKS.cursor)
  expect(wrong.snapshots).toBeGreaterThan(0)
})
