import { expect, test } from 'vitest'
import * as z from 'zod'
import { createFakeClickUp } from '../../local/clickup/fake.ts'
import { NOON } from './support.ts'

const DAY = 86_400_000
const pageSchema = z.object({ tasks: z.array(z.looseObject({ id: z.string(), date_updated: z.coerce.number() })) })

function large(tasks: number, timeEntries = 0) {
  let now = NOON
  const fake = createFakeClickUp({
    ...{ seed: 11, plan: 'Enterprise', tasks, timeEntries },
    clock: { now: () => now },
    poster: { post: async () => ({ kind: 'answer', status: 200 }), close: () => undefined },
  })
  const get = async (path: string): Promise<unknown> => {
    const body = async () => ({ kind: 'empty' }) as const
    const answer = await fake.api({ method: 'GET', path, authorization: fake.tokens.service, body })
    if (answer.kind !== 'answered' || answer.status !== 200) throw new Error(`no answer to ${path}`)
    return answer.body
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { fake, world: fake.world, get, pass }
}

test('an old workspace has everything that a backfill has to cope with, the same for the same seed', () => {
  const { world, fake } = large(6_000, 2_000)
  const tasks = world.tasks()
  const share = (test: (task: (typeof tasks)[number]) => boolean) => tasks.filter(test).length / tasks.length
  expect(tasks.length).toBeGreaterThan(6_000)
  expect(share(({ createdAt }) => createdAt < NOON - 90 * DAY)).toBeGreaterThan(0.1)
  expect(share(({ updatedAt }) => updatedAt > NOON - 90 * DAY)).toBeGreaterThan(0.7)
  expect(share(({ closedAt }) => closedAt !== null)).toBeGreaterThan(0.1)
  expect(share(({ archived }) => archived)).toBeGreaterThan(0.02)
  expect(share(({ parentId }) => parentId !== null)).toBeGreaterThan(0.05)
  expect(tasks.every(({ createdAt, updatedAt }) => createdAt <= updatedAt && updatedAt < NOON)).toBe(true)
  for (const { parentId, createdAt, listId } of tasks) {
    const parent = parentId === null ? undefined : world.task(parentId)
    if (parent !== undefined) expect(parent.createdAt <= createdAt && parent.listId === listId).toBe(true)
  }
  const atOnce = Map.groupBy(tasks, ({ updatedAt }) => updatedAt)
  expect(Math.max(...[...atOnce.values()].map(({ length }) => length))).toBeGreaterThan(100)
  expect(fake.log.changes()).toEqual([])
  const again = large(6_000, 2_000).world
  expect(again.tasks()).toEqual(tasks)
  expect([...again.store.timeEntries.keys()]).toEqual([...world.store.timeEntries.keys()])
})

test('the time of an old workspace agrees with the sums of its tasks', () => {
  const { world } = large(1_000, 500)
  const imported = [...world.store.timeEntries.values()].length
  expect(imported).toBeGreaterThanOrEqual(500)
  for (const { id, timeSpent } of world.tasks()) {
    const sum = world.entriesOf(id).reduce((total, { start, end }) => total + ((end ?? start) - start), 0)
    expect(timeSpent ?? 0).toBe(sum)
  }
})

test('the pages of 20,000 tasks in a changing world, anchored by time, have every task and are quick', async () => {
  const { fake, world, get, pass } = large(20_000)
  const [user] = world.users()
  const seen = new Set<string>()
  let [since, page, pages] = [0, 0, 0]
  const begun = performance.now()
  for (;;) {
    pass(1_000)
    // Of what was listed long ago: whatever leaves a bulk edit while its pages are counted moves the rest by one.
    const changed = [...seen][pages * 3]
    if (changed !== undefined) world.setPoints({ userId: user?.id ?? 0, via: 'app' }, changed, pages + 100)
    const query = `subtasks=true&include_closed=true&order_by=updated&reverse=true&date_updated_gt=${since - 1}&page=${page}`
    const { tasks } = pageSchema.parse(await get(`/v2/team/${fake.workspaceId}/task?${query}`))
    for (const { id } of tasks) seen.add(id)
    pages += 1
    const [first, last] = [tasks[0]?.date_updated ?? 0, tasks.at(-1)?.date_updated ?? 0]
    if (tasks.length < 100) break
    if (first === last) page += 1
    else [since, page] = [last, 0]
  }
  const inArchivedPlace = (listId: string) => world.store.lists.get(listId)?.archived === true
  const wanted = world.tasks().filter(({ archived, listId }) => !archived && !inArchivedPlace(listId))
  expect(wanted.filter(({ id }) => !seen.has(id))).toEqual([])
  expect(pages).toBeGreaterThan(190)
  // A millisecond or two each where nothing else runs.
  expect((performance.now() - begun) / pages).toBeLessThan(25)
})
