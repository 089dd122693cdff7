import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { saveConnection } from '../../../core/clickup/connection-record.ts'
import { PK, SK, timePart } from '../../../core/platform/tables.ts'
import type { Scope } from '../../../core/standup/material.ts'
import { sweepRunSchema } from '../../../core/sync/run.ts'
import { sweepRuns } from '../../../core/sync/run-store.ts'
import { startDynamo } from '../../support/dynamo.ts'
import {
  ALL,
  ATTIC,
  aChange,
  anEntry,
  aTask,
  BUGS,
  born,
  createWorld,
  DAY,
  HOUR,
  moved,
  place,
  ROADMAP,
  SPAN,
  statusOf,
  told,
  UNTIL,
  type World,
} from './support/world.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
let world: World
beforeAll(async () => {
  embedded = await startDynamo()
})
beforeEach(async () => {
  world = await createWorld(embedded)
})
afterAll(() => embedded.close())

const AT = UNTIL - 6 * HOUR
const done = { status: statusOf('done') }
const LIST: Scope = { ...ALL, lists: [ROADMAP.id] }
const whatOf = async (scope = LIST) => told(await world.material({ scope })).map(({ kind, task }) => `${kind} ${task}`)

describe('a scope', () => {
  beforeEach(async () => {
    const added = [{ id: ROADMAP.id, name: 'Roadmap' }]
    await world.tasks(
      aTask({ id: 'here', ...done }),
      aTask({ id: 'added', ...done, list: ATTIC, locations: added }),
      aTask({ id: 'same-space', ...done, list: BUGS }),
      aTask({ id: 'elsewhere', ...done, list: ATTIC }),
    )
    for (const [id, list] of [
      ['here', ROADMAP],
      ['added', ATTIC],
      ['same-space', BUGS],
      ['elsewhere', ATTIC],
    ] as const)
      await world.changes(moved(id, 'review', 'done', AT, { listId: list.id }))
  })

  it('of a list has what lives in it and what was added to it', async () => {
    expect(await whatOf()).toEqual(['done added', 'done here'])
  })

  it('of a space has what is in it, of several all of them, of none everything', async () => {
    expect(await whatOf({ ...ALL, spaces: ['701'] })).toEqual(['done here', 'done same-space'])
    expect(await whatOf({ ...ALL, spaces: ['702'], lists: [BUGS.id] })).toEqual([
      'done added',
      'done elsewhere',
      'done same-space',
    ])
    expect(await whatOf(ALL)).toHaveLength(4)
  })

  it('says in words what it is', async () => {
    expect((await world.material({ scope: LIST })).about).toBe('Roadmap')
    expect((await world.material({ scope: { ...LIST, spaces: ['702'] } })).about).toBe('Archive, Roadmap')
    expect((await world.material()).about).toBe('main')
    await saveConnection(world.state, 'main', { workspaceId: '9', workspaceName: 'Acme\u2028Inc', userId: '1' })
    expect((await world.material()).about).toBe('Acme Inc')
  })
})

describe('a task that moved', () => {
  it('into the list belongs to it with all that happened to it', async () => {
    await world.tasks(aTask({ id: 'a', ...done }))
    await world.changes(
      moved('a', 'to do', 'done', AT, { listId: BUGS.id }),
      aChange('a', 'section_moved', [place(BUGS), place(ROADMAP)], AT + 1),
    )
    expect(await whatOf()).toEqual(['done a'])
    expect(await whatOf({ ...ALL, lists: [BUGS.id] })).toEqual(['done a'])
  })

  it('out of the list belongs to it with what happened before', async () => {
    await world.tasks(
      aTask({ id: 'done-and-put-away', ...done, list: ATTIC }),
      aTask({ id: 'done-there', ...done, list: ATTIC }),
      aTask({ id: 'new-and-moved', list: ATTIC, assignees: [{ id: '11', name: 'Ann' }], tags: ['blocked'] }),
      aTask({ id: 'merely-moved', list: ATTIC }),
    )
    const away = (id: string) =>
      aChange(id, 'section_moved', [place(ROADMAP), place(ATTIC)], AT + 1, { listId: ATTIC.id })
    await world.changes(
      moved('done-and-put-away', 'review', 'done', AT),
      away('done-and-put-away'),
      away('done-there'),
      moved('done-there', 'review', 'done', AT + 2, { listId: ATTIC.id }),
      ...born('new-and-moved', 'in progress', AT),
      away('new-and-moved'),
      away('merely-moved'),
    )
    expect(await whatOf()).toEqual(['done done-and-put-away', 'created new-and-moved'])
  })

  it('out of the list, of which nobody has told yet, belongs to it by the list that its changes name', async () => {
    await world.tasks(aTask({ id: 'a', ...done, list: ATTIC }))
    await world.changes(moved('a', 'review', 'done', AT))
    expect(await whatOf()).toEqual(['done a'])
  })

  it('out of the list and was deleted there is none of it', async () => {
    await world.tasks(aTask({ id: 'a', list: ATTIC, state: 'deleted' }), aTask({ id: 'b', state: 'deleted' }))
    await world.changes(
      aChange('a', 'section_moved', [place(ROADMAP), place(ATTIC)], AT, { listId: ATTIC.id }),
      aChange('a', 'deletion', [null, null], AT + 1),
      aChange('b', 'deletion', [null, null], AT + 1),
      moved('never-read', 'to do', 'review', AT),
      aChange('never-read', 'deletion', [null, null], AT + 1),
    )
    await world.tasks(aTask({ id: 'never-read', list: null, space: null, name: null, status: null, state: 'deleted' }))
    expect(await whatOf()).toEqual(['deleted b', 'deleted never-read'])
  })
})

describe('time', () => {
  it('is that of tasks in the scope, by person, of entries that ended in the span', async () => {
    await world.tasks(aTask({ id: 'a', ...done }), aTask({ id: 'b', ...done }), aTask({ id: 'c', list: BUGS }))
    const ann = { userId: '11', userName: 'Ann Meyer' }
    await world.time(
      anEntry('1', { ...ann, taskId: 'a', durationMs: HOUR }),
      anEntry('2', { ...ann, taskId: 'b', durationMs: 2 * HOUR, startAt: SPAN.from - HOUR, endAt: SPAN.from + HOUR }),
      anEntry('3', { ...ann, taskId: 'b', startAt: UNTIL - HOUR, endAt: UNTIL }),
      anEntry('4', { ...ann, taskId: 'a', startAt: SPAN.from - HOUR, endAt: SPAN.from - 1 }),
      anEntry('5', { ...ann, taskId: 'c' }),
      anEntry('6', { ...ann, taskId: null }),
      anEntry('7', { ...ann, taskId: 'a', durationMs: null, endAt: null, running: true }),
      anEntry('8', { ...ann, taskId: 'a', deleted: true }),
      anEntry('9', { userId: '12', userName: 'Ben Cole', taskId: 'a', durationMs: 4 * HOUR }),
      anEntry('10', { userId: null, taskId: 'a' }),
    )
    expect(told(await world.material({ scope: LIST }))).toEqual([
      { kind: 'time', person: 'Ben Cole', ms: 4 * HOUR, tasks: ['a'] },
      { kind: 'time', person: 'Ann Meyer', ms: 3 * HOUR, tasks: ['b', 'a'] },
    ])
  })
})

describe('a timer that runs while a summary is told', () => {
  it('is in the next one, once it has stopped', async () => {
    await world.tasks(aTask({ id: 'a', ...done }))
    const timer = { taskId: 'a', userName: 'Ann Meyer', startAt: UNTIL - HOUR }
    await world.time(anEntry('1', { ...timer, durationMs: null, endAt: null, running: true }))
    expect(told(await world.material(), 'time')).toEqual([])
    const stopped = { durationMs: 3 * HOUR, endAt: UNTIL + 2 * HOUR, changedAt: UNTIL + 2 * HOUR }
    await world.time(anEntry('1', { ...timer, ...stopped, revision: `${timePart(UNTIL + 2 * HOUR)}#living#1` }))
    expect(told(await world.material(), 'time')).toEqual([])
    const next = { ...SPAN, from: UNTIL, until: UNTIL + DAY }
    expect(told(await world.material({ span: next, now: UNTIL + DAY }), 'time')).toMatchObject([{ ms: 3 * HOUR }])
  })
})

describe('a material says', () => {
  it('what could not be read, and does without it', async () => {
    await world.tasks(aTask({ id: 'a', ...done }))
    await world.changes(moved('a', 'review', 'done', AT))
    const { dynamo, tables } = world
    const put = (TableName: string, Item: Record<string, unknown>) => dynamo.send(new PutCommand({ TableName, Item }))
    await put(tables.tasks, { [PK]: 'main#task#x', [SK]: 'snapshot', spaceKey: 'main#space#701', id: 7 })
    await put(tables.ledger, { [PK]: 'main#task#a', [SK]: '1789000000000#y', status: 'done' })
    await put(tables.ledger, { [PK]: 'main#task#a', [SK]: `${AT + 9}#z`, status: 'done', id: 'z' })
    await put(tables.state, { [PK]: 'main#members', members: 'many' })
    await world.ledger.claim(moved('a', 'done', 'closed', AT + 10))
    expect(await world.material()).toMatchObject({
      facts: [{ kind: 'done' }],
      unreadable: 3,
      claimed: 1,
      cut: false,
      watermark: null,
    })
  })

  it('until when everything recoverable is in it', async () => {
    const run = {
      ...{ version: 0, run: 'r', startedAt: AT, updatedAt: AT, endedAt: AT, heldUntil: 0, calls: 1 },
      parts: 0,
    }
    const ended = { note: null, remark: null, settlingSince: 0, phase: 'done', sentAt: 0, heardUntil: 0, horizon: AT }
    const listed = {
      since: 0,
      places: { spaceIds: [], listed: true },
      stretches: [],
      pages: 1,
      suspects: [],
      byHour: {},
    }
    const runs = sweepRuns(world.state, 'main')
    const saved = await runs.save(sweepRunSchema.parse({ ...run, ...ended, ...listed, watermark: 0, last: null }))
    expect((await world.material()).watermark).toBeNull()
    if (saved !== null) await runs.save({ ...saved, watermark: AT - HOUR })
    expect((await world.material()).watermark).toBe(AT - HOUR)
  })

  it('nothing of a connection of which there is nothing', async () => {
    const empty = { connection: 'nobody', lists: ['1'], spaces: [] }
    expect(await world.material({ scope: empty })).toMatchObject({ facts: [], about: '1', unreadable: 0, cut: true })
    const span = { ...SPAN, from: UNTIL - 60 * DAY }
    expect((await world.material({ scope: { ...empty, lists: [] }, span })).about).toBe('nobody')
  })

  it('what has changed, and that something may be missing, before its spaces were listed', async () => {
    await world.tasks(aTask({ id: 'a', ...done }), aTask({ id: 'b', tags: ['blocked'] }))
    await world.changes(moved('a', 'review', 'done', AT))
    await world.dynamo.send(new DeleteCommand({ TableName: world.tables.state, Key: { [PK]: 'main#hierarchy' } }))
    const all = await world.material()
    expect(told(all)).toMatchObject([{ kind: 'done', task: 'a' }])
    expect(all.cut).toBe(true)
    expect(await whatOf()).toEqual(['blocked b', 'done a'])
  })

  it('nothing of a span that ends before it begins', async () => {
    await world.tasks(aTask({ id: 'a', ...done }))
    await world.changes(moved('a', 'review', 'done', AT))
    const span = { ...SPAN, from: UNTIL, until: UNTIL - HOUR }
    expect((await world.material({ span })).facts).toEqual([])
  })
})
