import { expect, test } from 'vitest'
import type { ApiRequest } from '../../local/clickup/api/exchange.ts'
import { createFakeClickUp } from '../../local/clickup/fake.ts'
import type { Faults } from '../../local/clickup/faults.ts'
import { work } from '../../local/clickup/people.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { parseEvents } from '../../local/clickup/webhooks/registry.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { NOON } from './support.ts'

/** A fake whose time passes only when `pass` says so, and whose deliveries are answered with the given statuses, then 200. */
function inProcess(faults: Partial<Faults> = {}, statuses: number[] = []) {
  const waits = new Set<{ at: number; act: () => void }>()
  let now = NOON
  const after = (ms: number, act: () => void) => {
    const wait = { at: now + ms, act }
    waits.add(wait)
    return () => void waits.delete(wait)
  }
  const timers = { after, soon: (act: () => void) => void after(0, act), elapsed: () => now }
  const clock = { now: () => now }
  const posted: { endpoint: string; body: unknown; at: number }[] = []
  const fake = createFakeClickUp({
    ...{ seed: 3, clock, timers, faults },
    poster: {
      post: async (endpoint, _secret, body) => {
        posted.push({ endpoint, body: JSON.parse(body.toString('utf8')), at: now - NOON })
        return { kind: 'answer', status: statuses.shift() ?? 200 }
      },
      close: () => undefined,
    },
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  async function pass(ms: number): Promise<void> {
    const until = now + ms
    for (;;) {
      await settled()
      const [next] = [...waits].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      waits.delete(next)
      now = Math.max(now, next.at)
      next.act()
    }
    now = until
  }
  const get = (path: string): ApiRequest => ({
    method: 'GET',
    path,
    authorization: fake.tokens.service,
    body: async () => ({ kind: 'empty' }),
  })
  return { fake, clock, timers, posted, pass, get }
}

test('an answer is held back by the timers that were given, a page longer than a single task', async () => {
  const { fake, pass, get } = inProcess({
    latencyMs: { min: 200, max: 200 },
    pageLatencyMs: { min: 1_800, max: 1_800 },
  })
  const [task] = fake.world.tasks()
  const answers: string[] = []
  for (const path of [`/v2/task/${task?.id}`, `/v2/team/${fake.workspaceId}/task`, `/v2/list/${task?.listId}/task`]) {
    void fake.api(get(path)).then((answer) => answers.push(`${path.split('/')[2]} ${answer.kind}`))
  }
  await pass(199)
  expect(answers).toEqual([])
  await pass(1)
  expect(answers).toEqual(['task answered'])
  await pass(1_599)
  expect(answers).toHaveLength(1)
  await pass(1)
  expect(answers.slice(1).sort()).toEqual(['list answered', 'team answered'])
})

test('an answer says what HTTP would say of it', async () => {
  const { fake, get } = inProcess()
  expect(await fake.api(get('/v2/task/none'))).toMatchObject({
    kind: 'answered',
    status: 404,
    ecode: 'ITEM_013',
    body: { ECODE: 'ITEM_013' },
    headers: { 'X-RateLimit-Remaining': '99', Date: new Date(NOON).toUTCString() },
    window: NOON,
  })
  fake.faults.outage = { from: null, until: null, answer: 'disconnect' }
  expect(await fake.api(get('/v2/user'))).toEqual({ kind: 'disconnected' })
  fake.faults.outage = { from: null, until: null, answer: 503 }
  expect(await fake.api(get('/v2/user'))).toMatchObject({ status: 503, body: undefined, window: null })
})

test('a delivery is tried again by the timers that were given', async () => {
  const { fake, posted, pass } = inProcess({ retrySpacingMs: 60_000 }, [500, 500])
  const [user] = fake.world.users()
  const [task] = fake.world.tasks()
  if (user === undefined || task === undefined) throw new Error('an empty world')
  const events = parseEvents('taskUpdated') ?? new Set()
  const scope = { spaceId: null, folderId: null, listId: null, taskId: null }
  fake.webhooks.create(user.id, { endpoint: 'https://hook.invalid/a', events, scope })
  fake.world.rename(inApp(user.id), task.id, 'Another name')
  expect(fake.undelivered()).toBe(1)
  await pass(119_000)
  expect(posted.map(({ at }) => at)).toEqual([0, 60_000])
  await pass(1_000)
  expect(posted).toHaveLength(3)
  expect(posted[2]).toMatchObject({ endpoint: 'https://hook.invalid/a', body: { task_id: task.id } })
  expect(fake.undelivered()).toBe(0)
})

test('people work by the timers that were given', async () => {
  const { fake, clock, timers, pass } = inProcess()
  const people = work({ world: fake.world, random: createRandom(1), clock, timers, ratePerSecond: 1, count: 60 })
  const before = fake.world.revision()
  await pass(30_000)
  expect(fake.world.revision() - before).toBeGreaterThanOrEqual(29)
  await pass(31_000)
  expect(await people.done).toBe(60)
})

test('the truth of a task is its single answer without lag', async () => {
  const { fake, get, pass } = inProcess({ readLagMs: 10_000 })
  const [user] = fake.world.users()
  const [task] = fake.world.tasks()
  if (user === undefined || task === undefined) throw new Error('an empty world')
  fake.world.rename(inApp(user.id), task.id, 'Now')
  expect(fake.taskAnswer(task.id)).toMatchObject({ name: 'Now' })
  await pass(10_001)
  const answer = await fake.api(get(`/v2/task/${task.id}`))
  expect(answer.kind === 'answered' && answer.body).toEqual(fake.taskAnswer(task.id))
  fake.world.deleteTask(inApp(user.id), task.id)
  expect(fake.taskAnswer(task.id)).toBeUndefined()
})
