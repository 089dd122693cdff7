import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, SECOND, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

test('the watermark goes on though the queue is always longer than a sweep listens to it', async () => {
  const its = await setUpSync(embedded)
  its.pass(HOUR)
  /** A sweep whose messages are worked off half a minute late. */
  async function slowSweep() {
    its.jobs.push({ job: { job: 'sweep', connection: 'main', reason: 'schedule' }, at: its.clock.time })
    const late = its.clock.time + 30 * SECOND
    for (let next = its.jobs.shift(); next !== undefined; next = its.jobs.shift()) {
      its.clock.time = Math.max(its.clock.time, next.at)
      if (its.clock.time > late) await its.drain()
      await its.act(next.job)
    }
    return (await sweepRuns(its.state, 'main').load())?.watermark ?? 0
  }
  const watermarks: number[] = []
  for (let sweeps = 0; sweeps < 4; sweeps += 1) {
    watermarks.push(await slowSweep())
    its.pass(15 * MINUTE)
  }
  const [, second = 0, third = 0, fourth = 0] = watermarks
  expect(third - second).toBeGreaterThan(10 * MINUTE)
  expect(fourth - third).toBeGreaterThan(10 * MINUTE)
})
