import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { Death, MINUTE, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const NONE = { tasks: 0, changes: 0, timeEntries: 0, places: 0 }

test.each([
  ['over', (now: number) => now],
  ['still open', () => null],
])('a sweep whose last step is repeated counts once what it repaired in a gap that is %s', async (_what, to) => {
  const its = await setUpSync(embedded)
  const task = its.task()
  await its.deliveries()
  await its.play({ job: 'sweep' })
  its.pass(15 * MINUTE)
  its.world.rename(its.actor, task.id, 'Renamed without a word')
  await its.deliveries()
  const from = its.clock.time - MINUTE
  const gap = { id: 'gap', cause: 'missing' as const, from, to: to(its.clock.time), detail: 'There was none.' }
  const { gaps } = its.services()
  await gaps.revise('main', () => [{ ...gap, repaired: NONE, givenUp: null, sweptAt: null }])
  its.pass(15 * MINUTE)
  let deaths = 0
  its.trouble.tell = () => {
    // What a sweep has come to is told after the gaps are written, and saved after that.
    if (deaths++ === 0) throw new Death()
  }
  await its.play({ job: 'sweep' })
  expect(deaths).toBeGreaterThan(1)
  expect(await gaps.list('main')).toMatchObject([{ id: 'gap', repaired: { ...NONE, tasks: 1, changes: 1 } }])
})
