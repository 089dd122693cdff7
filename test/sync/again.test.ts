import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, SECOND, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

test('a value that comes again is left to its delivery, as the first time', async () => {
  const its = await setUpSync(embedded)
  const task = its.world.inThePast(NOON - HOUR, () => its.task('First'))
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(30 * MINUTE)
  await its.play({ job: 'sweep' })
  its.pass(30 * MINUTE)
  // A sweep sees it before its delivery, which comes while the sweep waits for it.
  its.world.rename(its.actor, task.id, 'Second')
  let bodies = await its.deliveries()
  its.pass(SECOND)
  its.jobs.push({ job: { job: 'sweep', connection: 'main', reason: 'schedule' }, at: its.clock.time })
  for (let next = its.jobs.shift(); next !== undefined; next = its.jobs.shift()) {
    its.clock.time = Math.max(its.clock.time, next.at)
    await its.act(next.job)
    await its.drain()
    const note = (await sweepRuns(its.state, 'main').load())?.note ?? ''
    if (note.includes('waiting for the deliveries')) await its.deliver(bodies.splice(0))
  }
  expect(bodies).toEqual([])
  its.pass(HOUR)
  its.world.rename(its.actor, task.id, 'First')
  await its.deliver(await its.deliveries())
  its.pass(HOUR)
  // The same value, days later, and a sweep between it and its delivery.
  its.world.rename(its.actor, task.id, 'Second')
  bodies = await its.deliveries()
  its.pass(SECOND)
  await its.play({ job: 'sweep' })
  await its.deliver(bodies)
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  const told = its.published.map(({ field, after, origin }) => `${field} ${JSON.stringify(after)} ${origin}`)
  expect(told).toEqual(['name "Second" webhook', 'name "First" webhook', 'name "Second" webhook'])
})
