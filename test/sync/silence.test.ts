import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { MINUTE, SECOND, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** A workspace in which a change was delivered a moment ago. */
async function heard() {
  const its = await setUpSync(embedded)
  const task = its.task()
  await its.deliveries()
  await its.play({ job: 'sweep' })
  its.pass(15 * MINUTE)
  let number = 0
  const change = () => its.world.rename(its.actor, task.id, `Renamed ${++number}`)
  async function tell(): Promise<void> {
    change()
    await its.deliver(await its.deliveries())
  }
  async function lose(): Promise<void> {
    change()
    await its.deliveries()
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
  }
  await tell()
  return { ...its, tell, lose }
}

it('sends for the guard when things change and nothing has been delivered since the last sweep', async () => {
  const its = await heard()
  its.pass(15 * MINUTE)
  await its.play({ job: 'sweep' })
  await its.lose()
  expect(its.guard).toMatchObject([{ job: 'guard', reason: 'silent' }])
})

it('does not when something was delivered of which nobody had told yet', async () => {
  const its = await heard()
  const since = its.clock.time
  its.pass(40 * SECOND)
  await its.tell()
  // All until half a minute after the first of the two.
  its.pass(since + 10.5 * MINUTE - its.clock.time)
  await its.play({ job: 'sweep' })
  await its.lose()
  expect(its.guard).toEqual([])
})
