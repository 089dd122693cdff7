import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClickUp } from '../../core/clickup/client.ts'
import { EMPTY_DESK } from '../../core/process/expansion/desk.ts'
import { list } from '../../core/process/expansion/listing.ts'
import { baseline } from '../../core/tasks/known.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** Lists from a ClickUp with tasks that were updated at these times, what was updated last first. */
async function listing(updated: Record<string, number>) {
  const { services, clock } = await setUpConsumer({ embedded, now: T + 120_000 })
  let calls = 0
  const get: ClickUp['get'] = async (path, schema) => {
    calls += 1
    const query = new URL(path, 'http://clickup.test').searchParams
    const since = Number(query.get('date_updated_gt'))
    const until = Number(query.get('date_updated_lt') ?? Number.MAX_SAFE_INTEGER)
    const page = Number(query.get('page') ?? 0)
    const tasks = Object.entries(updated)
      .filter(([, at]) => at > since && at < until && !query.has('archived'))
      .toSorted(([a, at], [b, bt]) => bt - at || a.localeCompare(b))
      .slice(page * 100, page * 100 + 100)
      .map(([id, at]) => taskAnswer(id, { date_updated: String(at) }))
    return { kind: 'ok', value: schema.parse({ tasks }), observedAt: clock.time }
  }
  const { clickup } = services()
  const its = services({ clickup: { ...clickup, get } })
  const stretches = (since: number) => [{ since, until: null, page: 0, archived: false }]
  return { its, stretches, clock, calls: () => calls }
}
const record = { workspaceId: '9001', userId: '7' }
const bulk = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`b${i}`, T + 10_000]))

describe('a listing that goes back behind the last one', () => {
  it('finds what changed before a bulk edit that was listed', async () => {
    const late = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}`, T - 50_000 + i]))
    const { its, stretches, clock, calls } = await listing({ ...late, ...bulk })
    const common = { record, begunAt: clock.time, until: clock.time + 50_000, ids: new Set<string>(), expected: 300 }
    await list({ ...common, desk: EMPTY_DESK, since: T, stretches: stretches(T) }, its)
    const desk = await its.desk.look()
    const before = calls()
    const since = T - 60_000
    const wanted = new Set(Object.keys(late))
    const found = await list({ ...common, desk, since, stretches: stretches(since), expected: 20, ids: wanted }, its)
    expect([...found.keys()].toSorted()).toEqual([...wanted].toSorted())
    expect(calls() - before).toBe(2)
  })
})

it('that has spent what its lane may keeps nobody of another lane waiting', async () => {
  const { its, stretches, clock } = await listing(bulk)
  const get: ClickUp['get'] = async () => ({ kind: 'rateLimited', until: clock.time + 50_000 })
  const common = {
    record,
    desk: EMPTY_DESK,
    begunAt: clock.time,
    until: clock.time + 50_000,
    ids: new Set<string>(),
    expected: 30,
  }
  await list({ ...common, since: T, stretches: stretches(T) }, { ...its, clickup: { ...its.clickup, get } })
  expect((await its.desk.look()).nextListingAt).toBeLessThanOrEqual(clock.time + 5_000)
})

it('pays what is owed of a task that is no news any more', async () => {
  const { its, stretches, clock } = await listing(bulk)
  const common = {
    record,
    desk: EMPTY_DESK,
    begunAt: clock.time,
    until: clock.time + 50_000,
    ids: new Set<string>(),
    expected: 250,
  }
  await list({ ...common, since: T, stretches: stretches(T) }, its)
  const resource = { kind: 'task', id: 'b7' }
  await its.known.save('main', resource, { ...baseline(new Map()), begun: false, owedSince: T }, null)
  await its.owed.add('main', { id: 'b7', since: T })
  await list({ ...common, since: T, stretches: stretches(T) }, its)
  expect(await its.owed.list('main', 10)).toEqual([])
})

it('counts as listed only how far back it went', async () => {
  const { its, stretches } = await listing(bulk)
  const desk = { ...EMPTY_DESK, todo: stretches(T), begunAt: T + 60_000 }
  const common = { record, begunAt: T + 60_000, until: Number.POSITIVE_INFINITY, ids: new Set<string>(), expected: 30 }
  await list({ ...common, desk, since: T - 3_600_000, stretches: desk.todo }, its)
  expect((await its.desk.look()).listed).toEqual([{ from: T, at: T + 60_000 }])
})
