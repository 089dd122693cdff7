import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import type { ClickUp } from '../../core/clickup/client.ts'
import { observationOf } from '../../core/clickup/task.ts'
import { type Span, updatedTasks } from '../../core/clickup/updated-tasks.ts'

const SEED = Number(process.env['SEED'] ?? 20261120)
const T = 1_789_000_000_000

type Task = { id: string; date_updated: string }

/** The listing of a workspace whose tasks do not change while it is paged. */
function workspace(tasks: readonly unknown[], { ascending = false } = {}) {
  const paths: string[] = []
  const clickup: Pick<ClickUp, 'get'> = {
    async get<Schema extends z.ZodType>(path: string, schema: Schema) {
      paths.push(path)
      const query = new URL(path, 'http://x').searchParams
      const [after, before] = [
        Number(query.get('date_updated_gt')),
        Number(query.get('date_updated_lt') ?? Number.POSITIVE_INFINITY),
      ]
      const timeOf = (task: unknown) => Number(isTask(task) ? task.date_updated : T)
      const up = ascending !== (query.get('reverse') === 'true')
      const found = tasks
        .filter((task) => timeOf(task) > after && timeOf(task) < before)
        .toSorted((a, b) => (up ? timeOf(a) - timeOf(b) : timeOf(b) - timeOf(a)))
      const from = Number(query.get('page') ?? 0) * 100
      return { kind: 'ok', value: schema.parse({ tasks: found.slice(from, from + 100) }), observedAt: T }
    },
  }
  return { clickup, paths }
}

const isTask = (task: unknown): task is Task => typeof task === 'object' && task !== null && 'date_updated' in task

const QUERY = { workspaceId: '9', archived: false, reverse: false, spaceIds: [], listIds: [] }

async function all(clickup: Pick<ClickUp, 'get'>, span: Span) {
  const seen = new Set<string>()
  let [broken, calls] = [0, 0]
  for (let rest: Span | null = span; rest !== null; calls += 1) {
    const answer = await updatedTasks(clickup, { ...QUERY, span: rest })
    if (answer.kind !== 'ok') throw new Error(answer.kind)
    for (const { id } of answer.value.tasks) seen.add(id)
    broken += answer.value.broken
    rest = answer.value.rest
  }
  return { seen, broken, calls }
}

describe('listing what was updated', () => {
  it('brings every task of the span once its pages are through, in either order, many of them with one timestamp', async () => {
    const arbitrary = fc.record({
      ascending: fc.boolean(),
      groups: fc.array(fc.record({ at: fc.integer({ min: 0, max: 50 }), count: fc.integer({ min: 1, max: 260 }) }), {
        maxLength: 12,
      }),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ ascending, groups }) => {
        const tasks = groups.flatMap(({ at, count }, g) =>
          Array.from({ length: count }, (_, i) => ({ id: `g${g}-${i}`, date_updated: String(T + at) })),
        )
        const { clickup } = workspace(tasks, { ascending })
        const { seen, calls } = await all(clickup, { since: T + 10, until: null, page: 0 })
        const wanted = tasks.filter(({ date_updated }) => Number(date_updated) >= T + 10)
        expect([...seen].toSorted()).toEqual(wanted.map(({ id }) => id).toSorted())
        // A page that goes on from a timestamp repeats what it shares with the one before.
        expect(calls).toBeLessThanOrEqual(1 + (2 * wanted.length) / 100 + new Set(groups.map(({ at }) => at)).size)
      }),
      { seed: SEED, numRuns: 150 },
    )
  })

  it('of one bulk edit takes a call for every hundred', async () => {
    const tasks = Array.from({ length: 1_000 }, (_, i) => ({ id: `t${i}`, date_updated: String(T) }))
    const { seen, calls } = await all(workspace(tasks).clickup, { since: T, until: null, page: 0 })
    expect([seen.size, calls]).toEqual([1_000, 11])
  })

  it('goes on where another one ended', async () => {
    const tasks = Array.from({ length: 350 }, (_, i) => ({ id: `t${i}`, date_updated: String(T + (i % 2) * 1000 + i) }))
    const { clickup } = workspace(tasks)
    const first = await updatedTasks(clickup, { ...QUERY, span: { since: T, until: null, page: 0 } })
    if (first.kind !== 'ok' || first.value.rest === null) throw new Error('there should be more')
    const { seen } = await all(clickup, first.value.rest)
    expect(new Set([...seen, ...first.value.tasks.map(({ id }) => id)]).size).toBe(350)
  })

  it('yields the other 99 of a page with one broken task', async () => {
    const tasks = Array.from({ length: 99 }, (_, i) => ({ id: `t${i}`, date_updated: String(T) }))
    const { clickup } = workspace([...tasks, { id: { not: 'an id' } }])
    expect(await all(clickup, { since: T, until: null, page: 0 })).toMatchObject({ broken: 1, calls: 2 })
  })

  it('asks for closed tasks, subtasks and the chosen places', async () => {
    const { clickup, paths } = workspace([])
    await updatedTasks(clickup, {
      ...QUERY,
      archived: true,
      reverse: true,
      spaceIds: ['7'],
      listIds: ['8', '9'],
      span: { since: T, until: T + 5, page: 2 },
    })
    expect(Object.fromEntries(new URL(paths[0] ?? '', 'http://x').searchParams)).toEqual({
      order_by: 'updated',
      include_closed: 'true',
      subtasks: 'true',
      date_updated_gt: String(T - 1),
      date_updated_lt: String(T + 6),
      reverse: 'true',
      archived: 'true',
      page: '2',
      'space_ids[]': '7',
      'list_ids[]': '9',
    })
  })
})

it('takes time that is not told for none: listings leave it out where no entry is left', async () => {
  const told = (time: object) => ({ id: 'a', date_updated: String(T), ...time })
  const timeOf = async (task: object) => {
    const { clickup } = workspace([task])
    const answer = await updatedTasks(clickup, { ...QUERY, span: { since: 0, until: null, page: 0 } })
    if (answer.kind !== 'ok') throw new Error(answer.kind)
    return answer.value.tasks
      .map((listed) => observationOf(listed, T, false))
      .map((seen) => seen.kind === 'seen' && seen.fields.timeSpentMs)
  }
  expect(await timeOf(told({ time_spent: 7_200_000 }))).toEqual([7_200_000])
  expect(await timeOf(told({}))).toEqual([null])
})
