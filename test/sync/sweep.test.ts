import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, SECOND, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const swept = (its: Pick<Awaited<ReturnType<typeof setUpSync>>, 'published'>) =>
  its.published.filter(({ origin }) => origin === 'sweep')

/** A connection with a task that is known, and an hour of peace. */
async function connected(over: Parameters<typeof setUpSync>[1] = {}) {
  const its = await setUpSync(embedded, over)
  const task = its.world.inThePast(NOON - HOUR, () => its.task())
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(30 * MINUTE)
  await its.play({ job: 'sweep' })
  its.pass(30 * MINUTE)
  return { ...its, task, watermark: async () => (await sweepRuns(its.state, 'main').load())?.watermark ?? 0 }
}

describe('a sweep', () => {
  it('finds a change that was never delivered, once, with the time in which it happened', async () => {
    const its = await connected()
    const before = await its.watermark()
    its.world.rename(its.actor, its.task.id, 'Renamed')
    await its.deliveries()
    const at = its.clock.time
    its.pass(15 * MINUTE)
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      await its.play({ job: 'sweep' })
      its.pass(15 * MINUTE)
    }
    expect(swept(its)).toMatchObject([
      { field: 'name', before: 'Task', after: 'Renamed', at, atEarliest: before, actor: null },
    ])
    expect(its.published).toHaveLength(1)
  })

  it('leaves to its delivery what is younger than a delivery may be late, and promises nothing beyond it', async () => {
    const its = await connected()
    its.world.rename(its.actor, its.task.id, 'Renamed')
    const bodies = await its.deliveries()
    const at = its.clock.time
    its.pass(5 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(its.published).toEqual([])
    expect(await its.watermark()).toBeLessThan(at)
    await its.deliver(bodies)
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(its.published).toMatchObject([{ field: 'name', after: 'Renamed', origin: 'webhook' }])
    expect(await its.watermark()).toBeGreaterThan(at)
  })

  it('takes what it sees beside a younger change, and what moves no date, for a change when it sees it again', async () => {
    const its = await connected()
    its.world.rename(its.actor, its.task.id, 'Renamed')
    await its.deliveries()
    its.pass(12 * MINUTE)
    its.world.setPriority(its.actor, its.task.id, 1)
    await its.deliver(await its.deliveries())
    its.pass(2 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(swept(its)).toEqual([])
    const held = await its.watermark()
    expect(held).toBeLessThanOrEqual(NOON + HOUR)
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(swept(its)).toMatchObject([{ field: 'name', after: 'Renamed' }])
    expect(await its.watermark()).toBeGreaterThan(held)
  })

  it('does not promise what it has seen and not told, though nothing new is to be said of it', async () => {
    const its = await connected()
    its.world.rename(its.actor, its.task.id, 'Renamed')
    await its.deliveries()
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      // Too young each time, because the task goes on changing.
      its.pass(5 * MINUTE)
      its.world.comment(its.actor, its.task.id, 'Still at it')
      await its.deliver(await its.deliveries())
      await its.play({ job: 'sweep' })
      const isTold = swept(its).length > 0
      if (!isTold) expect(await its.watermark()).toBeLessThanOrEqual(NOON + HOUR)
    }
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(swept(its)).toHaveLength(1)
  })

  it('keeps the id of what it has found when the delivery comes after all, which completes it', async () => {
    const its = await connected()
    its.world.rename(its.actor, its.task.id, 'Renamed')
    const bodies = await its.deliveries()
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    const [found] = swept(its)
    await its.deliver(bodies)
    await its.deliver(bodies)
    expect(its.published).toHaveLength(1)
    const [done, ...others] = (await its.ledger()).filter(({ status }) => status === 'done')
    expect(others).toEqual([])
    expect(done).toMatchObject({ id: found?.changeId, origin: 'webhook', actor: { name: 'Maria' } })
  })

  it('tells the birth of a task that nobody delivered, also when it is the first sweep', async () => {
    const its = await setUpSync(embedded)
    its.pass(MINUTE)
    const task = its.task('New')
    await its.deliveries()
    its.pass(20 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(swept(its).map(({ field, resource }) => [field, resource.id])).toEqual([
      ['task_creation', task.id],
      ['status', task.id],
    ])
  })

  it('takes time that was written down before the connection for history', async () => {
    const its = await setUpSync(embedded)
    const spent = { start: NOON - 3 * HOUR, end: NOON - 2 * HOUR }
    const task = its.world.inThePast(NOON - 4 * HOUR, () => its.task())
    its.world.inThePast(NOON - HOUR, () => its.world.trackTime(its.actor, { taskId: task.id, ...spent }))
    await its.deliveries()
    its.pass(20 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(its.published).toEqual([])
    its.world.trackTime(its.actor, { taskId: task.id, start: NOON, end: NOON + 15 * MINUTE })
    await its.deliveries()
    its.pass(20 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(swept(its)).toMatchObject([{ field: 'time_spent' }])
  })

  it('tells nothing of custom fields that deliveries and reads write differently', async () => {
    const its = await setUpSync(embedded, { tasks: 50 })
    await its.play({ job: 'backfill', reason: 'asked' })
    const { world, actor } = its
    for (const task of world.tasks().slice(0, 40)) {
      const list = world.store.lists.get(task.listId)
      for (const field of list === undefined ? [] : world.fieldsOf(list)) {
        const people = [its.maria.id]
        if (field.type === 'users') world.setField(actor, task.id, field.id, { kind: 'users', userIds: people })
        if (field.type === 'labels')
          world.setField(actor, task.id, field.id, { kind: 'labels', optionIds: field.options.map(({ id }) => id) })
        if (field.type === 'manual_progress')
          world.setField(actor, task.id, field.id, { kind: 'progress', current: 40 })
      }
    }
    await its.deliver(await its.deliveries())
    const told = its.published.length
    expect(told).toBeGreaterThan(5)
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      its.pass(30 * MINUTE)
      await its.play({ job: 'sweep' })
    }
    expect(its.published).toHaveLength(told)
  })

  it('says what it waits for only while it waits', async () => {
    const its = await connected()
    its.pass(SECOND)
    await its.play({ job: 'sweep' })
    expect(await sweepRuns(its.state, 'main').load()).toMatchObject({ phase: 'done', note: null, remark: null })
  })
})
