import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

it('a deletion that a census has found before the task was restored takes nothing from the next one', async () => {
  const its = await setUpSync(embedded)
  const ids = its.world.inThePast(NOON - HOUR, () => [its.task('A').id, its.task('B').id])
  const [id = ''] = ids
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  its.pass(HOUR)
  its.world.deleteTask(its.actor, id)
  await its.deliveries()
  its.pass(MINUTE)
  await its.act({ job: 'census', connection: 'main', reason: 'asked', everything: true })
  // What it has found is on the queue while the task is restored and seen again.
  const waiting = its.inbox.splice(0)
  its.pass(10 * MINUTE)
  its.world.restoreTask(its.actor, id)
  await its.deliveries()
  its.world.rename(its.actor, id, 'Alive')
  await its.deliver(await its.deliveries())
  its.inbox.push(...waiting)
  await its.drain()
  its.pass(HOUR)
  its.world.deleteTask(its.actor, id)
  await its.deliver(await its.deliveries())
  const deletions = its.published.filter(({ field }) => field === 'deletion')
  expect(deletions.map(({ origin }) => origin)).toEqual(['sweep', 'webhook'])
  expect(new Set(deletions.map(({ changeId }) => changeId)).size).toBe(2)
  expect((await its.tasks.load('main', [id])).get(id)?.snapshot?.state).toBe('deleted')
})
