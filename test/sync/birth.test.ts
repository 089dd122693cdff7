import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { MINUTE, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const creations = (its: Pick<Awaited<ReturnType<typeof setUpSync>>, 'published'>) =>
  its.published.filter(({ field }) => field === 'task_creation')

describe('the making of a task', () => {
  /** A task of which the first that is heard is a change. */
  async function heardOfLater() {
    const its = await setUpSync(embedded)
    await its.play({ job: 'sweep' })
    its.pass(MINUTE)
    const task = its.task('New')
    const lost = await its.deliveries()
    its.pass(MINUTE)
    its.world.rename(its.actor, task.id, 'Renamed')
    await its.deliver(await its.deliveries())
    return { ...its, task, lost }
  }

  it('is told by a sweep, once, when the first that was delivered of the task was something else', async () => {
    const its = await heardOfLater()
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(creations(its)).toMatchObject([{ origin: 'sweep', at: its.task.createdAt, actor: null }])
  })

  it('adds nothing when it is delivered after all', async () => {
    const its = await heardOfLater()
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    await its.deliver(its.lost)
    expect(creations(its)).toHaveLength(1)
  })

  it('is its delivery’s when that comes before a sweep, in whatever order', async () => {
    const its = await heardOfLater()
    await its.deliver(its.lost)
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(creations(its)).toMatchObject([{ origin: 'webhook' }])
  })

  it('is no news of a task that was there before the connection', async () => {
    const its = await setUpSync(embedded)
    const old = its.world.inThePast(its.clock.time - 60 * MINUTE, () => its.task('Old'))
    await its.deliveries()
    its.world.rename(its.actor, old.id, 'Renamed')
    await its.deliver(await its.deliveries())
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(creations(its)).toEqual([])
  })
})
