import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClickUp } from '../../core/clickup/client.ts'
import { backfill } from '../../core/sync/backfill.ts'
import { census } from '../../core/sync/census.ts'
import { loadHierarchy } from '../../core/sync/hierarchy.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { sweep } from '../../core/sync/sweep.ts'
import { startDynamo } from '../support/dynamo.ts'
import { rationed } from './rationed.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Its = Awaited<ReturnType<typeof setUpSync>>
type Act = typeof backfill

/** Works a job off with so many calls a minute, until it sends nothing more on; answers how many invocations it took. */
async function playWith(
  its: Its,
  act: Act,
  job: 'backfill' | 'sweep' | 'census',
  perMinute: number,
  answers: (clickup: ClickUp) => ClickUp = (clickup) => clickup,
) {
  const most = 60
  const clickup = rationed(answers(its.services().clickup), its.clock, perMinute)
  its.jobs.push({ job: { job, connection: 'main', reason: 'asked', everything: true }, at: its.clock.time })
  for (let count = 1; ; count += 1) {
    await its.drain()
    const next = its.jobs.shift()
    if (next === undefined) return count
    // A backfill that has ended asks for a sweep.
    if (next.job.job !== job) continue
    if (count > most) throw new Error(`The ${job} does not come to an end.`)
    its.clock.time = Math.max(its.clock.time, next.at)
    await act(next.job, { ...its.services(), clickup })
  }
}

test('a backfill comes through a space that has more folders than its lane has calls in a minute', async () => {
  const its = await setUpSync(embedded)
  const archived = its.world.inThePast(NOON - HOUR, () => {
    for (let i = 0; i < 12; i += 1) its.world.createFolder(its.actor, { name: `Folder ${i}`, spaceId: its.space.id })
    const folder = its.world.createFolder(its.actor, { name: 'Old', spaceId: its.space.id })
    const list = its.world.createList(its.actor, { name: 'Old list', parent: { kind: 'folder', id: folder.id } })
    its.world.archiveList(its.actor, list.id)
    return list
  })
  await its.deliveries()
  await playWith(its, backfill, 'backfill', 8)
  expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
  const hierarchy = await loadHierarchy(its.state, 'main')
  const lists = hierarchy?.spaces.flatMap((space) => space.lists) ?? []
  expect(lists).toContainEqual(expect.objectContaining({ id: archived.id, archived: true }))
})

test('a census comes through a list in which more tasks are gone than its lane has calls in a minute', async () => {
  const its = await setUpSync(embedded)
  const ids = its.world.inThePast(NOON - HOUR, () => Array.from({ length: 40 }, (_, i) => its.task(`Task ${i}`).id))
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  for (const id of ids.slice(0, 30)) its.world.deleteTask(its.actor, id)
  await its.deliveries()
  its.pass(15 * MINUTE)
  const fetched = its.paths.length
  await playWith(its, census, 'census', 8)
  expect(await censusRuns(its.state, 'main').load()).toMatchObject({ phase: 'halted', deleted: 30 })
  // Each was asked for once.
  const asked = its.paths.slice(fetched).filter((path) => path.includes('/task/'))
  expect(asked).toHaveLength(30)
})

test.each([
  ['nobody else', 12],
  ['each of them', 31],
])('a sweep comes through the time of thirty people with a token that may ask for %s', async (who, calls) => {
  const its = await setUpSync(embedded)
  const people = Array.from({ length: 28 }, (_, i) =>
    its.world.addUser({ username: `P${i}`, email: `p${i}@northwind.example`, role: 3 }),
  )
  expect(people).toHaveLength(28)
  await its.play({ job: 'sweep' })
  its.pass(15 * MINUTE)
  const asked: string[] = []
  const choosy = (clickup: ClickUp): ClickUp => ({
    ...clickup,
    async get(path, schema) {
      if (!path.includes('/time_entries?')) return clickup.get(path, schema)
      const assignee = new URLSearchParams(path.split('?')[1]).get('assignee') ?? ''
      asked.push(assignee)
      const isRefused = assignee.includes(',') || (who === 'nobody else' && assignee !== its.record.userId)
      return isRefused ? { kind: 'noAccess' } : clickup.get(path, schema)
    },
  })
  await playWith(its, sweep, 'sweep', 10, choosy)
  expect(await sweepRuns(its.state, 'main').load()).toMatchObject({ phase: 'done', remark: null })
  expect(asked.length).toBeLessThanOrEqual(calls)
  expect(new Set(asked).size).toBe(asked.length)
})

test('entries that are there though they are not listed keep none from its turn, and what is out of sight is not asked for', async () => {
  const its = await setUpSync(embedded)
  const [task, hidden] = its.world.inThePast(NOON - HOUR, () => [its.task('Task'), its.task('Hidden')])
  if (task === undefined || hidden === undefined) throw new Error('There is no task.')
  const track = (taskId: string, minute: number) =>
    its.world.trackTime(its.actor, {
      taskId,
      start: NOON - HOUR + minute * MINUTE,
      end: NOON - HOUR + (minute + 1) * MINUTE,
    })
  const entries = its.world.inThePast(NOON - MINUTE, () =>
    Array.from({ length: 40 }, (_, i) => track(i < 10 ? hidden.id : task.id, i)),
  )
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  its.pass(HOUR)
  const before = (await its.tasks.load('main', [hidden.id])).get(hidden.id)?.snapshot ?? null
  const observedAt = its.clock.time
  await its.tasks.record('main', { kind: 'missing', id: hidden.id, state: 'outOfSight', observedAt }, before)
  const fetched = its.paths.length
  const gone = entries.at(-1)
  its.world.deleteTime(its.actor, gone?.id ?? '')
  await its.deliveries()
  its.pass(30 * MINUTE)
  // Of all of them the listing shows nothing; those of the hidden task are out of sight, the others are there.
  const silent = (clickup: ClickUp): ClickUp => ({
    ...clickup,
    async get(path, schema) {
      if (!path.includes('/time_entries?')) return clickup.get(path, schema)
      const parsed = schema.safeParse({ data: [] })
      if (!parsed.success) throw parsed.error
      return { kind: 'ok', value: parsed.data, observedAt: its.clock.time }
    },
  })
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    await playWith(its, sweep, 'sweep', 40, silent)
    its.pass(15 * MINUTE)
  }
  const ofHidden = entries.filter(({ taskId }) => taskId === hidden.id).map(({ id }) => id)
  const asked = its.paths.slice(fetched).map((path) => path.split('/').at(-1) ?? '')
  expect(ofHidden.filter((id) => asked.includes(id))).toEqual([])
  expect(its.published.filter(({ field }) => field === 'time_spent')).toHaveLength(1)
})

test('a sweep comes through the time of more deleted tasks than its lane has calls in a minute', async () => {
  const its = await setUpSync(embedded)
  const tasks = its.world.inThePast(NOON - HOUR, () => Array.from({ length: 20 }, (_, i) => its.task(`Task ${i}`)))
  its.world.inThePast(NOON - MINUTE, () => {
    for (const { id } of tasks) its.world.trackTime(its.actor, { taskId: id, start: NOON - HOUR, end: NOON - MINUTE })
  })
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  for (const { id } of tasks) its.world.deleteTask(its.actor, id)
  await its.deliveries()
  its.pass(HOUR)
  await playWith(its, sweep, 'sweep', 12)
  expect(await sweepRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
  expect(its.published.filter(({ field }) => field === 'time_spent')).toEqual([])
})
