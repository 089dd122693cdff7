import { expect, test } from 'vitest'
import * as z from 'zod'
import { caller, manualClock, startFake, startSmall } from './support.ts'

const pageSchema = z.looseObject({
  tasks: z.array(z.looseObject({ id: z.string(), date_updated: z.string(), parent: z.string().nullable() })),
})

async function smallWithTasks(count: number) {
  const clock = manualClock()
  const small = await startSmall({ clock, plan: 'Enterprise' })
  const tasks = Array.from({ length: count }, (_, index) => {
    clock.advance(1_000)
    return small.world.createTask(small.actor, { listId: small.list.id, name: `Task ${index}` })
  })
  const page = async (path: string) => {
    const body = pageSchema.parse((await small.call('GET', path)).body)
    return { ids: body.tasks.map(({ id }) => id), keys: Object.keys(body), tasks: body.tasks }
  }
  const everywhere = `/v2/team/${small.fake.workspaceId}/task`
  return { ...small, clock, tasks, ids: tasks.map(({ id }) => id), page, everywhere }
}

test('pages hold 100; the list says which is the last, the workspace does not', async () => {
  const { list, ids, page, everywhere, call } = await smallWithTasks(230)
  for (const path of [`/v2/list/${list.id}/task`, everywhere]) {
    const pages = [await page(`${path}?page=0`), await page(`${path}?page=1`), await page(`${path}?page=2`)]
    expect(pages.map((each) => each.ids.length)).toEqual([100, 100, 30])
    expect(pages.flatMap((each) => each.ids)).toEqual([...ids].reverse())
    expect((await page(`${path}?page=3`)).ids).toEqual([])
  }
  expect((await page(everywhere)).keys).toEqual(['tasks'])
  const last = z.looseObject({ last_page: z.boolean() })
  const isLast = async (number: number) =>
    last.parse((await call('GET', `/v2/list/${list.id}/task?page=${number}`)).body).last_page
  expect([await isLast(0), await isLast(1), await isLast(2)]).toEqual([false, false, true])
})

test('order and filters by date', async () => {
  const { world, actor, clock, tasks, ids, page, everywhere } = await smallWithTasks(5)
  const [first, second] = tasks
  if (first === undefined || second === undefined) throw new Error('no tasks')
  clock.advance(1_000)
  world.rename(actor, first.id, 'Changed')
  expect((await page(`${everywhere}?order_by=updated`)).ids[0]).toBe(first.id)
  expect((await page(`${everywhere}?order_by=updated&reverse=true`)).ids.at(-1)).toBe(first.id)
  expect((await page(`${everywhere}?order_by=created&reverse=true`)).ids).toEqual(ids)
  const after = (await page(`${everywhere}?date_updated_gt=${tasks[3]?.updatedAt}`)).ids
  expect(new Set(after)).toEqual(new Set([ids[4], first.id]))
  expect((await page(`${everywhere}?date_updated_lt=${second.updatedAt + 1}`)).ids).toEqual([second.id])
  expect((await page(`${everywhere}?date_created_lt=${second.createdAt}`)).ids).toEqual([first.id])
  expect(
    (await page(`${everywhere}?date_created_gt=${second.createdAt}&date_created_lt=${tasks[4]?.createdAt}`)).ids,
  ).toEqual([ids[3], ids[2]])
})

test('closed tasks, subtasks and archived ones come only when asked for', async () => {
  const { world, actor, list, tasks, ids, page, everywhere } = await smallWithTasks(4)
  const [closed, parent, archived, plain] = ids
  const sub = world.createTask(actor, { listId: list.id, name: 'Sub', parentId: tasks[1]?.id })
  world.setStatus(actor, closed ?? '', 'complete')
  world.archive(actor, archived ?? '')
  for (const path of [`/v2/list/${list.id}/task`, everywhere]) {
    expect((await page(path)).ids).toEqual([plain, parent])
    expect((await page(`${path}?include_closed=true`)).ids).toEqual([plain, parent, closed])
    expect((await page(`${path}?subtasks=true`)).ids).toEqual([sub.id, plain, parent])
    expect((await page(`${path}?archived=true`)).ids).toEqual([archived])
  }
  expect((await page(`${everywhere}?parent=${parent}`)).ids).toEqual([sub.id])
})

test('places: lists, folders, spaces, and tasks of other homes', async () => {
  const { world, actor, list, other, folder, space, ids, page, everywhere } = await smallWithTasks(2)
  const [first = '', second = ''] = ids
  world.move(actor, first, other.id)
  world.addToList(actor, first, list.id)
  expect((await page(`/v2/list/${list.id}/task`)).ids).toEqual([second])
  expect(new Set((await page(`/v2/list/${list.id}/task?include_timl=true`)).ids)).toEqual(new Set(ids))
  expect((await page(`${everywhere}?list_ids[]=${other.id}`)).ids).toEqual([first])
  expect((await page(`${everywhere}?project_ids[]=${folder.id}&space_ids[]=${space.id}`)).ids).toHaveLength(2)
  expect((await page(`${everywhere}?space_ids[]=1`)).ids).toEqual([])
  world.archiveList(actor, other.id)
  expect((await page(everywhere)).ids).toEqual([second])
  expect((await page(`${everywhere}?archived=true`)).ids).toEqual([first])
  expect((await page(`/v2/list/${other.id}/task`)).ids).toEqual([first])
})

test('a page is never served from before a change', async () => {
  const { world, actor, list, page, everywhere } = await smallWithTasks(1)
  await page(everywhere)
  const task = world.createTask(actor, { listId: list.id, name: 'Newest' })
  expect((await page(everywhere)).ids[0]).toBe(task.id)
  world.deleteTask(actor, task.id)
  expect((await page(everywhere)).ids).toHaveLength(1)
})

test('the demo workspace is one to work with', async () => {
  const fake = await startFake({ demo: true, plan: 'Enterprise' })
  const path = `/v2/team/${fake.workspaceId}/task?subtasks=true&include_closed=true`
  let found = 0
  for (let number = 0; ; number++) {
    const { tasks } = pageSchema.parse((await caller(fake)('GET', `${path}&page=${number}`)).body)
    found += tasks.length
    if (tasks.length < 100) break
  }
  expect(found).toBeGreaterThan(300)
  expect(found).toBeLessThan(fake.world.tasks().length)
  const types = new Set([...fake.world.store.fields.values()].map(({ type }) => type))
  expect(types.size).toBe(17)
  expect(fake.log.changes()).toEqual([])
})

test('what changed lately is what a look at everything would find, lag and order included', async () => {
  const { world, actor, clock, ids, fake, page, everywhere } = await smallWithTasks(150)
  fake.faults.readLagMs = 0
  for (const [index, id] of ids.entries()) {
    clock.advance(index % 3 === 0 ? 0 : 10)
    if (index % 2 === 0) world.rename(actor, id, `Renamed ${index}`)
    if (index % 10 === 0) world.deleteTask(actor, id)
  }
  const since = clock.now() - 500
  const expected = world
    .tasks()
    .filter(({ updatedAt }) => updatedAt > since)
    .toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  expect(expected.length).toBeGreaterThan(20)
  expect((await page(`${everywhere}?order_by=updated&date_updated_gt=${since}`)).ids).toEqual(
    expected.map(({ id }) => id),
  )
  clock.advance(20_000)
  const [first = ''] = (await page(everywhere)).ids
  world.rename(actor, first, 'A moment ago')
  fake.faults.readLagMs = 10_000
  clock.advance(5_000)
  // A read that looks back less than 5 s sees the renaming, one that looks back further does not.
  const found = new Set<string | undefined>()
  for (let read = 0; read < 40; read++) {
    found.add((await page(`${everywhere}?date_updated_gt=${clock.now() - 5_001}`)).ids[0])
  }
  expect(found).toEqual(new Set([first, undefined]))
  clock.advance(10_001)
  expect((await page(`${everywhere}?date_updated_gt=${clock.now() - 15_002}`)).ids).toEqual([first])
})
