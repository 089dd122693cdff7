import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** What an alarm is told of a sweep that repairs twelve changes, when each hour of the week before had so many. */
async function toldAfter(eachHour: number): Promise<{ repairs: number; unusual: number }> {
  const its = await setUpSync(embedded)
  const tasks = its.world.inThePast(NOON - HOUR, () => Array.from({ length: 12 }, (_, i) => its.task(`Task ${i}`)))
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(30 * MINUTE)
  await its.play({ job: 'sweep' })
  its.pass(30 * MINUTE)

  const runs = sweepRuns(its.state, 'main')
  const run = await runs.load()
  if (run === null) throw new Error('There was no sweep.')
  const hour = Math.floor(its.clock.time / HOUR)
  const week = Array.from({ length: 168 }, (_, ago) => [String(hour - ago - 1), eachHour])
  await runs.save({ ...run, byHour: Object.fromEntries(week) })

  for (const { id } of tasks) its.world.rename(its.actor, id, `Renamed ${id}`)
  await its.deliveries()
  its.pass(15 * MINUTE)
  const before = { ...its.counts }
  await its.play({ job: 'sweep' })
  const counted = (name: string) => (its.counts[name] ?? 0) - (before[name] ?? 0)
  return { repairs: counted('SweepRepairs'), unusual: counted('SweepRepairsUnusual') }
}

it('tells of what is beyond twice the usual, or beyond five where little is usual', async () => {
  expect(await toldAfter(0)).toEqual({ repairs: 12, unusual: 7 })
  expect(await toldAfter(4)).toEqual({ repairs: 12, unusual: 4 })
  expect(await toldAfter(6)).toEqual({ repairs: 12, unusual: 0 })
})
