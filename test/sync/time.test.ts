import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Sync = Awaited<ReturnType<typeof setUpSync>>

/** Writes time down of which nothing is delivered, and sweeps until it is known. */
async function tracked(its: Sync, taskIds: readonly string[]): Promise<string[]> {
  const now = its.clock.time
  const ids = taskIds.map((taskId) => its.world.trackTime(its.actor, { taskId, start: now - HOUR, end: now }).id)
  await settled(its)
  return ids
}

async function settled(its: Sync): Promise<void> {
  await its.deliveries()
  its.pass(20 * MINUTE)
  await its.play({ job: 'sweep' })
}

const told = ({ published }: Sync) =>
  published.filter(({ field }) => field === 'time_spent').map(({ before, after }) => ({ before, after }))

it('does not take the time of a deleted task for time that was taken off it', async () => {
  const its = await setUpSync(embedded)
  const task = its.task()
  await its.deliveries()
  await its.play({ job: 'sweep' })
  const [id = ''] = await tracked(its, [task.id])
  its.world.deleteTask(its.actor, task.id)
  await settled(its)
  await settled(its)
  expect(told(its)).toMatchObject([{ before: null, after: { id } }])
  const worklog = createWorklogStore({ dynamo: embedded.dynamo, table: its.tables.tasks })
  expect(await worklog.load('main', id)).toMatchObject({ taskId: task.id, deleted: false })
})

it('finds time that was taken off a task that is there', async () => {
  const its = await setUpSync(embedded)
  const task = its.task()
  await its.deliveries()
  await its.play({ job: 'sweep' })
  const [id = ''] = await tracked(its, [task.id])
  its.world.editTime(its.actor, id, { taskId: null })
  await settled(its)
  expect(told(its)).toMatchObject([
    { before: null, after: { id } },
    { before: { id }, after: null },
  ])
})

it('finds time that was deleted, however much of what is out of sight is not listed either', async () => {
  const its = await setUpSync(embedded)
  const hidden = its.world.createSpace(its.actor, { name: 'Board' })
  const list = its.world.lists().at(-1)
  const secrets = Array.from({ length: 30 }, () => its.task('Secret', { listId: list?.id }).id)
  const task = its.task('Open')
  await its.deliveries()
  await its.play({ job: 'sweep' })
  const ids = await tracked(its, [...secrets, task.id])
  its.world.makePrivate(its.actor, hidden.id, [its.maria.id])
  await settled(its)
  const id = ids.at(-1) ?? ''
  its.world.deleteTime(its.actor, id)
  its.paths.length = 0
  await settled(its)
  expect(told(its).at(-1)).toMatchObject({ before: { id }, after: null })
  expect(told(its)).toHaveLength(32)
  expect(its.paths.filter((path) => path.includes('/time'))).toHaveLength(3)
})
