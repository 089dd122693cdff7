import { expect, test } from 'vitest'
import * as z from 'zod'
import { fateOf } from '../../local/clickup/truth.ts'
import { hook, manualClock, NOON, startReceiver, startSmall } from './support.ts'

const pageSchema = z.looseObject({ tasks: z.array(z.looseObject({ id: z.string() })) })

test('latency holds answers back', async () => {
  const { fake, call } = await startSmall({ faults: { latencyMs: { min: 40, max: 60 } } })
  await call('GET', '/v2/user')
  const [last] = fake.log.entries().slice(-1)
  // A timer may fire a little early by the finer clock.
  expect(last?.kind === 'call' && last.latencyMs).toBeGreaterThan(38)
})

/** A workspace whose webhook has heard of 200 renamings under the given switches. */
async function heardUnder(faults: Parameters<typeof startSmall>[0]) {
  const small = await startSmall(faults)
  const { fake, world, list, actor } = small
  const receiver = await startReceiver()
  await hook(fake, receiver.url, { events: ['taskUpdated'] })
  const task = world.inThePast(world.now(), () => world.createTask(actor, { listId: list.id, name: 'Name' }))
  for (let count = 0; count < 200; count++) world.rename(actor, task.id, `Name ${count}`)
  await fake.idle()
  return { ...small, ids: receiver.received.map(({ body }) => body.history_items?.[0]?.id ?? '') }
}

test('duplicates come twice, all else once', async () => {
  const { ids, fake } = await heardUnder({ faults: { duplicates: 0.25 } })
  const doubled = fake.log.entries().filter((entry) => entry.kind === 'delivery' && entry.copy === 2).length
  expect(doubled).toBeGreaterThan(20)
  expect(doubled).toBeLessThan(90)
  expect(ids).toHaveLength(200 + doubled)
  expect(new Set(ids).size).toBe(200)
})

test('lost deliveries are never sent, and the log knows which', async () => {
  const { ids, fake } = await heardUnder({ faults: { lost: 0.25 } })
  const lost = fake.log.changes().filter((change) => fateOf(change) === 'lost')
  expect(lost.length).toBeGreaterThan(20)
  expect(ids).toHaveLength(200 - lost.length)
  expect(lost.some(({ historyId }) => ids.includes(historyId ?? ''))).toBe(false)
})

test('reordering lets later deliveries overtake, and loses none', async () => {
  const { ids } = await heardUnder({ faults: { reorderingMs: 60 } })
  const sorted = [...ids].sort()
  expect(ids).toHaveLength(200)
  expect(ids).not.toEqual(sorted)
  const overtaken = ids.filter((id, index) => index > 0 && id < (ids[index - 1] ?? '')).length
  expect(overtaken).toBeGreaterThan(50)
})

test('deliveries leave late', async () => {
  const { fake } = await heardUnder({ faults: { deliveryDelayMs: { min: 10, max: 20 } } })
  const delays = fake.log.entries().flatMap((entry) => (entry.kind === 'delivery' ? [entry.delayMs] : []))
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(10)
  expect(Math.max(...delays)).toBeLessThanOrEqual(20)
})

test('a lagging read shows what was, never more than it may, and a single read always finds the task', async () => {
  const clock = manualClock()
  const { fake, world, list, actor, call } = await startSmall({
    clock,
    plan: 'Enterprise',
    faults: { readLagMs: 3_000 },
  })
  const task = world.createTask(actor, { listId: list.id, name: 'Old' })
  const namesOf = async () => {
    const names = new Set<string>()
    for (let count = 0; count < 40; count++) {
      names.add(z.looseObject({ name: z.string() }).parse((await call('GET', `/v2/task/${task.id}`)).body).name)
    }
    return [...names].sort()
  }
  const listed = async () => pageSchema.parse((await call('GET', `/v2/list/${list.id}/task`)).body).tasks.length
  expect(await namesOf()).toEqual(['Old'])
  expect(await listed()).toBe(0)
  clock.advance(10_000)
  expect(await listed()).toBe(1)
  world.rename(actor, task.id, 'New')
  clock.advance(1_500)
  expect(await namesOf()).toEqual(['New', 'Old'])
  clock.advance(1_501)
  expect(await namesOf()).toEqual(['New'])
  fake.faults.readLagMs = 0
  world.rename(actor, task.id, 'Newest')
  expect(await namesOf()).toEqual(['Newest'])
})

test('unstable paging shuffles what has one timestamp, and nothing else', async () => {
  const clock = manualClock()
  const { world, fake, list, actor, call } = await startSmall({
    clock,
    plan: 'Enterprise',
    faults: { unstablePaging: true },
  })
  const bulk = Array.from(
    { length: 50 },
    (_, index) => world.createTask(actor, { listId: list.id, name: `${index}` }).id,
  )
  clock.advance(1)
  const last = world.createTask(actor, { listId: list.id, name: 'last' }).id
  const ids = async () =>
    pageSchema.parse((await call('GET', `/v2/team/${fake.workspaceId}/task`)).body).tasks.map(({ id }) => id)
  const [one, two] = [await ids(), await ids()]
  expect(one).not.toEqual(two)
  expect([one[0], two[0]]).toEqual([last, last])
  expect(new Set(one)).toEqual(new Set([last, ...bulk]))
  fake.faults.unstablePaging = false
  expect(await ids()).toEqual(await ids())
})

test('a share of the tasks answers as archived, always the same ones', async () => {
  const { world, fake, list, actor, call } = await startSmall({ faults: { archivedTasks: 0.3 } })
  for (let count = 0; count < 60; count++) world.createTask(actor, { listId: list.id, name: `${count}` })
  const ids = async (query: string) =>
    pageSchema.parse((await call('GET', `/v2/list/${list.id}/task${query}`)).body).tasks.map(({ id }) => id)
  const [here, archived] = [await ids(''), await ids('?archived=true')]
  expect(archived.length).toBeGreaterThan(5)
  expect(here.length + archived.length).toBe(60)
  expect((await call('GET', `/v2/task/${archived[0]}`)).body).toMatchObject({ archived: true })
  fake.faults.archivedTasks = 0
  expect(await ids('')).toHaveLength(60)
})

test('comments move date_updated unless the switch says otherwise', async () => {
  const clock = manualClock()
  const { world, fake, list, actor } = await startSmall({ clock, faults: { commentsKeepDateUpdated: true } })
  const { id } = world.createTask(actor, { listId: list.id, name: 'One' })
  clock.advance(1_000)
  world.comment(actor, id, 'quiet')
  expect(world.task(id)?.updatedAt).toBe(NOON)
  fake.faults.commentsKeepDateUpdated = false
  world.comment(actor, id, 'loud')
  expect(world.task(id)?.updatedAt).toBe(NOON + 1_000)
})

test('an outage lasts as long as it says, with an error or without any answer', async () => {
  const clock = manualClock()
  const { fake, call } = await startSmall({ clock })
  fake.faults.outage = { from: NOON + 1_000, until: NOON + 2_000, answer: 503 }
  expect((await call('GET', '/v2/user')).status).toBe(200)
  clock.advance(1_000)
  expect((await call('GET', '/v2/user')).status).toBe(503)
  fake.faults.outage = { from: null, until: NOON + 2_000, answer: 'disconnect' }
  await expect(call('GET', '/v2/user')).rejects.toThrow('fetch failed')
  clock.advance(1_000)
  expect((await call('GET', '/v2/user')).status).toBe(200)
})

test("a dead token is the service account's alone", async () => {
  const { fake, ben, call } = await startSmall({ faults: { deadToken: true } })
  expect(await call('GET', '/v2/user')).toMatchObject({ status: 401, body: { ECODE: 'OAUTH_025' } })
  expect((await call('GET', '/v2/user', undefined, fake.issueToken(ben.id))).status).toBe(200)
})

test('a skewed clock shows in the Date header, in the reset and in every date', async () => {
  const clock = manualClock()
  const { world, list, actor, call } = await startSmall({ clock, faults: { clockSkewMs: 90_000 } })
  const { headers } = await call('GET', '/v2/user')
  expect(Date.parse(headers.get('date') ?? '')).toBe(NOON + 90_000)
  expect(Number(headers.get('x-ratelimit-reset'))).toBe((NOON + 150_000) / 1_000)
  expect(world.createTask(actor, { listId: list.id, name: 'One' }).createdAt).toBe(NOON + 90_000)
})

test('a missing task can answer as one that may not be seen', async () => {
  const { call } = await startSmall({ faults: { missingTask: 'OAUTH_027' } })
  expect(await call('GET', '/v2/task/none')).toMatchObject({ status: 401, body: { ECODE: 'OAUTH_027' } })
})

test('switches are set and the log is read over HTTP', async () => {
  const { fake, world, list, actor } = await startSmall()
  const root = fake.url.replace(/\/api$/, '')
  const set = (body: unknown) => fetch(`${root}/_fake/faults`, { method: 'POST', body: JSON.stringify(body) })
  expect((await set({ lost: 0.5, outage: { from: null, until: null, answer: 'disconnect' } })).status).toBe(200)
  expect(fake.faults).toMatchObject({ lost: 0.5, duplicates: 0 })
  expect((await set({ lost: 2 })).status).toBe(400)
  expect((await set({ gremlins: 1 })).status).toBe(400)
  expect(fake.faults.lost).toBe(0.5)
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const read = async (path: string): Promise<unknown> => (await fetch(`${root}/_fake/${path}`)).json()
  const log = z.object({ entries: z.array(z.looseObject({ seq: z.number(), kind: z.string() })), next: z.number() })
  const all = log.parse(await read('log'))
  expect(all.entries.map(({ kind }) => kind)).toEqual(['faults', 'mutation'])
  expect(log.parse(await read(`log?since=${all.next}`))).toEqual({ entries: [], next: all.next })
  expect(await read('changes?since=1')).toMatchObject({
    changes: [{ field: 'task_creation', resource: { id: task.id }, fate: 'unheard' }],
    next: 2,
  })
  expect(await read('idle')).toEqual({})
})
