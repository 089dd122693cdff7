import { expect, test } from 'vitest'
import * as z from 'zod'
import { caller, startFake, startSmall } from './support.ts'

const count = z.union([z.number(), z.string(), z.null()])
const listSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  task_count: count,
  start_date: z.string().nullable(),
  due_date: z.string().nullable(),
})
const listsSchema = z.object({ lists: z.array(listSchema) })
const foldersSchema = z.object({
  folders: z.array(
    z.looseObject({ id: z.string(), name: z.string(), task_count: z.string(), lists: listsSchema.shape.lists }),
  ),
})
const taskSchema = z.looseObject({
  id: z.string(),
  list: z.looseObject({ id: z.string() }),
  locations: z.array(z.object({ id: z.string(), name: z.string() })),
})
const tasksSchema = z.object({ tasks: z.array(taskSchema) })

test('archived places are listed when asked for, and only then', async () => {
  const { world, fake, space, folder, list, other, actor, call } = await startSmall()
  const archivedSpace = world.createSpace(actor, { name: 'Old' })
  world.updateSpace(actor, archivedSpace.id, { archived: true })
  const archivedFolder = world.createFolder(actor, { spaceId: space.id, name: 'Past' })
  world.archiveFolder(actor, archivedFolder.id)
  world.archiveList(actor, other.id)
  const ids = async (path: string, key: string) => {
    const { body } = await call('GET', path)
    return z
      .record(z.string(), z.array(z.looseObject({ id: z.string() })))
      .parse(body)
      [key]?.map(({ id }) => id)
  }
  const at = [
    [`/v2/team/${fake.workspaceId}/space`, 'spaces', space.id, archivedSpace.id],
    [`/v2/space/${space.id}/folder`, 'folders', folder.id, archivedFolder.id],
    [`/v2/folder/${folder.id}/list`, 'lists', list.id, other.id],
  ] as const
  for (const [path, key, present, archived] of at) {
    expect(await ids(path, key)).toContain(present)
    expect(await ids(`${path}?archived=false`, key)).not.toContain(archived)
    expect(await ids(`${path}?archived=true`, key)).toEqual([archived])
  }
  const [shown] = foldersSchema.parse((await call('GET', `/v2/space/${space.id}/folder`)).body).folders
  expect(shown?.lists.map(({ id }) => id)).toEqual([list.id])
})

test('what task_count counts and how it is written are switches', async () => {
  const { world, fake, folder, list, actor, call } = await startSmall()
  for (const status of ['to do', 'in progress', 'complete']) {
    world.createTask(actor, { listId: list.id, name: status, status })
  }
  world.archive(actor, world.createTask(actor, { listId: list.id, name: 'archived' }).id)
  const counts = async () => {
    const { lists } = listsSchema.parse((await call('GET', `/v2/folder/${folder.id}/list`)).body)
    return lists.map(({ task_count }) => task_count)
  }
  expect(await counts()).toEqual([3, 0])
  fake.faults.taskCount = 'open'
  fake.faults.taskCountAs = 'string'
  expect(await counts()).toEqual(['2', '0'])
  fake.faults.taskCountAs = 'null'
  expect(await counts()).toEqual([null, null])
  expect((await call('GET', `/v2/folder/${folder.id}`)).body).toMatchObject({ task_count: '2' })
})

test('the demo workspace has sprints: lists with dates in a folder, and tasks pulled in from elsewhere', async () => {
  const fake = await startFake({ demo: true, plan: 'Enterprise' })
  const call = caller(fake)
  const space = [...fake.world.store.spaces.values()].find(({ name }) => name === 'Engineering')
  const { folders } = foldersSchema.parse((await call('GET', `/v2/space/${space?.id}/folder`)).body)
  const sprints = folders.find(({ name }) => name === 'Sprints')?.lists ?? []
  expect(sprints).toHaveLength(3)
  const now = fake.world.now()
  const running = sprints.filter(({ start_date, due_date }) => Number(start_date) <= now && now <= Number(due_date))
  expect(running).toHaveLength(1)

  const pulled: string[] = []
  for (const { id } of sprints) {
    const read = async (query: string) =>
      tasksSchema.parse((await call('GET', `/v2/list/${id}/task?${query}`)).body).tasks
    const flags = 'include_closed=true&subtasks=true'
    const home = await read(flags)
    const all = await read(`${flags}&include_timl=true`)
    expect(home.every(({ list }) => list.id === id)).toBe(true)
    const added = all.filter(({ list }) => list.id !== id)
    expect(all).toHaveLength(home.length + added.length)
    for (const task of added) expect(task.locations.map((each) => each.id)).toContain(id)
    pulled.push(...added.map((task) => task.id))
  }
  expect(pulled.length).toBeGreaterThan(5)

  const inTeam = new Map<string, z.infer<typeof taskSchema>>()
  for (let page = 0; ; page++) {
    const path = `/v2/team/${fake.workspaceId}/task?include_closed=true&subtasks=true&page=${page}`
    const { tasks } = tasksSchema.parse((await call('GET', path)).body)
    for (const task of tasks) inTeam.set(task.id, task)
    if (tasks.length < 100) break
  }
  for (const id of pulled) expect(inTeam.get(id)?.locations.length).toBeGreaterThan(0)
})

test('whether a further list moves date_updated is a switch, as it is for a restored task', async () => {
  let now = 1_700_000_000_000
  const { world, fake, list, other, actor } = await startSmall({ clock: { now: () => now } })
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const updatedAfter = (act: () => void) => {
    now += 1_000
    act()
    return (world.store.tasks.get(task.id)?.updatedAt ?? 0) === now
  }
  const again = () => {
    world.deleteTask(actor, task.id)
    world.restoreTask(actor, task.id)
  }
  expect(updatedAfter(() => world.addToList(actor, task.id, other.id))).toBe(false)
  expect(updatedAfter(again)).toBe(false)
  Object.assign(fake.faults, { locationsMoveDateUpdated: true, restoresMoveDateUpdated: true })
  expect(updatedAfter(() => world.removeFromList(actor, task.id, other.id))).toBe(true)
  expect(updatedAfter(again)).toBe(true)
  expect(world.task(task.id)?.incarnation).toBe(3)
})

test('without its ClickApp, time in status is refused', async () => {
  const { world, list, actor, call } = await startSmall({ faults: { timeInStatus: false } })
  const { id } = world.createTask(actor, { listId: list.id, name: 'One' })
  for (const path of [`/v2/task/${id}/time_in_status`, `/v2/task/bulk_time_in_status/task_ids?task_ids=${id}`]) {
    expect(await call('GET', path)).toMatchObject({ status: 403, body: { ECODE: 'TIS_001' } })
  }
})
