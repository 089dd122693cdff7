import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { listTimeEntries } from '../../core/clickup/list-time-entries.ts'
import { readTaskTime } from '../../core/clickup/time-entries.ts'
import { totalsOf } from '../../core/tasks/worklog-totals.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { inApp } from '../../local/clickup/world/mutation.ts'
import { manualClock, NOON, startSmall } from '../local-clickup/support.ts'
import { clientOf } from '../support/clickup-client.ts'
import { answer } from '../support/upstream.ts'

const SEED = Number(process.env['SEED'] ?? 20261121)
const MINUTE = 60_000
const legacyAnswer = z.object({
  data: z.array(z.looseObject({ user: z.looseObject({ id: z.number() }), time: z.number() })),
})
const taskAnswer = z.looseObject({ time_spent: z.number().nullish() })

type Act = {
  what: 'track' | 'edit' | 'delete' | 'start' | 'stop'
  who: 0 | 1
  task: number
  minutes: number
  which: number
}
const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('track', 'track', 'edit', 'delete', 'start', 'stop'),
  who: fc.constantFrom(0, 1),
  task: fc.integer({ min: 0, max: 2 }),
  minutes: fc.integer({ min: 1, max: 300 }),
  which: fc.integer({ min: 0, max: 9 }),
})

describe('totals of listed time entries', () => {
  it("agree with ClickUp's own, by task and by person", async () => {
    const clock = manualClock()
    const { fake, world, ann, ben, actor, list, call } = await startSmall({ clock, plan: 'Enterprise' })
    const clickup = clientOf(fake.url, fake.tokens.service)
    const userIds = world.users().map(({ id }) => String(id))
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 15 }), async (acts) => {
        const tasks = [0, 1].map((n) => world.createTask(actor, { listId: list.id, name: `Task ${n}` }).id)
        for (const { what, who, task, minutes, which } of acts) {
          clock.advance(MINUTE)
          const person = inApp((who === 0 ? ann : ben).id)
          const taskId = tasks[task] ?? null
          const entries = [...world.store.timeEntries.values()].filter((each) => tasks.includes(each.taskId ?? ''))
          const entry = entries[which % Math.max(1, entries.length)]
          const end = clock.now() - minutes * MINUTE
          if (what === 'track') world.trackTime(person, { taskId, start: end - minutes * MINUTE, end })
          else if (what === 'start' && world.runningTimer(person.userId) === undefined)
            world.startTimer(person, { taskId })
          else if (what === 'stop') world.stopTimer(person)
          else if (entry === undefined) continue
          else if (what === 'edit' && entry.end !== null)
            world.editTime(person, entry.id, { end: entry.start + minutes * MINUTE })
          else if (what === 'delete') world.deleteTime(person, entry.id)
        }
        const listed = await listTimeEntries(clickup, {
          workspaceId: fake.workspaceId,
          from: NOON - 30 * 86_400_000,
          until: clock.now() + 1,
          userIds,
        })
        if (listed.kind !== 'ok') throw new Error(listed.kind)
        expect(listed.value).toMatchObject({ broken: 0, refused: [] })
        const totals = totalsOf(listed.value.entries)
        for (const id of tasks) {
          const { time_spent: spent } = taskAnswer.parse((await call('GET', `/v2/task/${id}`)).body)
          expect(totals.get(id)?.totalMs ?? 0).toBe(spent ?? 0)
          const { data } = legacyAnswer.parse((await call('GET', `/v2/task/${id}/time`)).body)
          const byUser = data.filter(({ time }) => time > 0).map(({ user, time }) => [String(user.id), time])
          expect(new Map(totals.get(id)?.byUser ?? [])).toEqual(new Map(byUser.map(([user, time]) => [user, time])))
          const older = await readTaskTime(clickup, id)
          expect(older.kind === 'ok' && totalsOf(older.value.entries).get(id)).toEqual(totals.get(id))
        }
      }),
      { seed: SEED, numRuns: 25 },
    )
  })
})

describe('a listing of time entries', () => {
  async function setUp(fetch?: Fetch) {
    const small = await startSmall({ clock: manualClock() })
    const { fake, world, ann, ben, service } = small
    for (const { id } of [ann, ben])
      world.trackTime(inApp(id), { taskId: null, start: NOON - 2 * MINUTE, end: NOON - MINUTE })
    const query = {
      workspaceId: fake.workspaceId,
      from: NOON - 60 * MINUTE,
      until: NOON,
      userIds: [service, ann, ben].map(({ id }) => String(id)),
    }
    return { ...small, query, ask: (token: string) => clientOf(fake.url, token, fetch === undefined ? {} : { fetch }) }
  }

  it('asks for one person after the other when several at once are refused', async () => {
    const asked: string[] = []
    const { fake, query, ask } = await setUp(async (url, init) => {
      const whose = new URL(url).searchParams.get('assignee') ?? ''
      asked.push(whose)
      return whose.includes(',') ? answer(403, { err: 'You have no access', ECODE: 'TIMEENTRY_059' }) : fetch(url, init)
    })
    const listed = await listTimeEntries(ask(fake.tokens.service), query)
    expect(listed).toMatchObject({ kind: 'ok', value: { singly: true, refused: [] } })
    expect(listed.kind === 'ok' && listed.value.entries).toHaveLength(2)
    expect(asked).toEqual([query.userIds.join(','), ...query.userIds])
    asked.splice(0)
    await listTimeEntries(ask(fake.tokens.service), { ...query, singly: true })
    expect(asked).toEqual(query.userIds)
  })

  it('reports those whose time the token may not see', async () => {
    const { query, ask, fake, ben } = await setUp()
    const listed = await listTimeEntries(ask(fake.issueToken(ben.id)), query)
    expect(listed).toMatchObject({ kind: 'ok', value: { refused: query.userIds.slice(0, 2) } })
    expect(listed.kind === 'ok' && listed.value.entries).toMatchObject([{ userId: String(ben.id) }])
  })

  it('carries what began in the span and nothing else', async () => {
    const { fake, world, ann, query, ask } = await setUp()
    for (const start of [query.from - 1, query.from, query.until - 1, query.until]) {
      world.trackTime(inApp(ann.id), { taskId: null, start, end: start + MINUTE, description: String(start) })
    }
    const listed = await listTimeEntries(ask(fake.tokens.service), { ...query, userIds: [String(ann.id)] })
    const begun = listed.kind === 'ok' ? listed.value.entries.map(({ startAt }) => startAt) : []
    expect(begun.sort()).toEqual([query.from, NOON - 2 * MINUTE, query.until - 1])
  })

  it('is a fault when ClickUp is down', async () => {
    const { fake, query, ask } = await setUp(async () => answer(503, {}))
    expect(await listTimeEntries(ask(fake.tokens.service), query)).toMatchObject({ kind: 'unavailable' })
  })
})
