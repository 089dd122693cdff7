import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStatusTimesStore } from '../../../core/tasks/status-times.ts'
import { startDynamo } from '../../support/dynamo.ts'
import {
  aChange,
  aTask,
  BUGS,
  born,
  createWorld,
  DAY,
  HOUR,
  moved,
  priorityOf,
  SETTINGS,
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

/** Thursday, 09:00 in Berlin: a working day of eight hours before the summary, which is at nine on Friday. */
const THURSDAY = UNTIL - DAY
const status = (name: string) => ({ status: statusOf(name) })

describe('a task is blocked', () => {
  it('by its status, in any case, for as long as the working time since it came into it', async () => {
    await world.tasks(aTask({ id: 'a', ...status('Waiting') }))
    const step = moved('a', 'in progress', 'Waiting', THURSDAY + 2 * HOUR)
    await world.changes(step)
    const material = await world.material()
    expect(told(material)).toEqual([
      { kind: 'blocked', task: 'a', because: 'status', word: 'Waiting', forMs: 6 * HOUR },
    ])
    expect(material.facts[0]?.changeIds).toEqual([step.id])
  })

  it('by a tag, since it was given it for the last time', async () => {
    await world.tasks(aTask({ id: 'a', tags: ['API', 'On hold'] }), aTask({ id: 'b', tags: ['blocked'] }))
    const tag = (before: string[] | null, after: string[] | null, at: number) =>
      aChange('a', 'tag', [before, after], at)
    await world.changes(
      tag(null, ['On hold'], THURSDAY - 9 * DAY),
      aChange('a', 'tag_removed', [['On hold'], null], THURSDAY - 2 * DAY),
      tag(null, ['On hold'], THURSDAY + 5 * HOUR),
    )
    expect(told(await world.material(), 'blocked')).toEqual([
      { kind: 'blocked', task: 'a', because: 'tag', word: 'On hold', forMs: 3 * HOUR },
      { kind: 'blocked', task: 'b', because: 'tag', word: 'blocked', forMs: null },
    ])
  })

  it('since when ClickUp says, of the time before the connection; and where it does not, nobody knows', async () => {
    await world.tasks(aTask({ id: 'a', ...status('waiting') }), aTask({ id: 'b', ...status('waiting') }))
    await createStatusTimesStore({ dynamo: world.dynamo, table: world.tables.tasks }).put('main', {
      ...{ taskId: 'a', asOf: THURSDAY },
      current: { status: 'waiting', since: THURSDAY - DAY, minutes: 1_440 },
      history: [{ status: 'waiting', type: 'custom', minutes: 1_440, since: THURSDAY - DAY, orderindex: 1 }],
    })
    expect(told(await world.material(), 'blocked')).toMatchObject([
      { task: 'a', forMs: 16 * HOUR },
      { task: 'b', forMs: null },
    ])
  })

  it('never when it is done, archived, deleted or out of sight', async () => {
    const tags = ['blocked']
    await world.tasks(
      aTask({ id: 'a', ...status('done'), tags }),
      aTask({ id: 'b', tags, state: 'archived' }),
      aTask({ id: 'c', tags, state: 'deleted' }),
      aTask({ id: 'd', tags, state: 'outOfSight' }),
    )
    expect(told(await world.material())).toEqual([])
  })

  it('beside that it was made or taken up again', async () => {
    await world.tasks(aTask({ id: 'a', ...status('waiting') }), aTask({ id: 'b', ...status('waiting') }))
    await world.changes(...born('a', 'waiting', THURSDAY + HOUR), moved('b', 'done', 'waiting', THURSDAY + HOUR))
    expect(told(await world.material()).map(({ kind, task }) => `${kind} ${task}`)).toEqual([
      'blocked a',
      'blocked b',
      'reopened b',
      'created a',
    ])
  })

  it('in working time, which an hour of summer time that begins does not make longer', async () => {
    const until = Date.UTC(2026, 2, 30, 7)
    await world.tasks(aTask({ id: 'a', ...status('waiting') }))
    // On Friday at 16:00, three days and an hour less on the clock before Monday at 09:00.
    await world.changes(moved('a', 'in progress', 'waiting', Date.UTC(2026, 2, 27, 15)))
    const span = { from: Date.UTC(2026, 2, 27, 8), until, timeZone: 'Europe/Berlin' }
    expect(told(await world.material({ span, now: until }))).toMatchObject([{ kind: 'blocked', forMs: HOUR }])
    const later = { from: until, until: until + 2 * HOUR, timeZone: 'Europe/Berlin' }
    expect(told(await world.material({ span: later, now: until + DAY }))).toMatchObject([{ forMs: 3 * HOUR }])
  })
})

describe('a task is stuck', () => {
  /** Tasks of a list that were done some weeks ago, each so many working hours in review. */
  async function doneAfter(hours: readonly number[], list = { id: '901', name: 'Roadmap' }, daysAgo = 21) {
    for (const [i, spent] of hours.entries()) {
      // A Monday, nine in the morning.
      const began = Date.UTC(2026, 9, 26, 8) + (21 - daysAgo) * DAY
      const id = `${list.id}-${i}`
      // Working hours of some days on end: 8 a day.
      const doneAt = began + Math.floor(spent / 8) * DAY + (spent % 8) * HOUR
      await world.tasks(aTask({ id, list, ...status('done'), createdAt: began, doneAt, updatedAt: doneAt }))
      await world.changes(...born(id, 'review', began), moved(id, 'review', 'done', doneAt))
    }
  }

  it('when it has been in its status for longer than 85 of 100 of its list that are done', async () => {
    await doneAfter([1, 2, 3, 4, 5, 6, 7])
    await world.tasks(aTask({ id: 'a', ...status('review') }), aTask({ id: 'b', ...status('review') }))
    const [a, b] = [
      moved('a', 'in progress', 'review', THURSDAY + HOUR),
      moved('b', 'in progress', 'review', THURSDAY + 3 * HOUR),
    ]
    // Exactly as long as usual.
    await world.tasks(aTask({ id: 'c', ...status('review') }))
    await world.changes(a, b, moved('c', 'in progress', 'review', THURSDAY + 2 * HOUR))
    const material = await world.material({ span: { ...SPAN, from: UNTIL - 2 * HOUR } })
    expect(told(material, 'stuck')).toEqual([
      { kind: 'stuck', task: 'a', status: 'review', forMs: 7 * HOUR, p85Ms: 6 * HOUR },
    ])
    expect(material.facts[0]?.changeIds).toEqual([a.id])
  })

  it('never by fewer than five, by those of another list, or by what was done long ago', async () => {
    await doneAfter([1, 1, 1, 1])
    await doneAfter([1, 1, 1, 1, 1], BUGS)
    await doneAfter([1, 1, 1, 1, 1], { id: '903', name: 'Attic' }, 120)
    await world.tasks(
      aTask({ id: 'a', ...status('review') }),
      aTask({ id: 'b', ...status('review'), list: { id: '903', name: 'Attic' } }),
      // Known to be in its status since it was made, and not when that was.
      aTask({ id: 'c', ...status('review'), list: BUGS }),
      aTask({ id: 'd', ...status('in progress'), list: BUGS }),
    )
    const long = THURSDAY - 20 * DAY
    await world.changes(
      moved('a', 'in progress', 'review', long),
      moved('b', 'in progress', 'review', long),
      moved('d', 'review', 'in progress', long),
    )
    expect(told(await world.material(), 'stuck')).toEqual([])
  })

  it('never when it is blocked, which says more', async () => {
    await doneAfter([1, 1, 1, 1, 1])
    await world.tasks(aTask({ id: 'a', ...status('review'), tags: ['blocked'] }))
    await world.changes(moved('a', 'in progress', 'review', THURSDAY - DAY))
    expect(told(await world.material(), 'stuck', 'blocked')).toMatchObject([{ kind: 'blocked', task: 'a' }])
  })

  it('by the list that it lives in, also where another one is asked for', async () => {
    await doneAfter([1, 1, 1, 1, 1], BUGS)
    await world.tasks(aTask({ id: 'a', ...status('review'), list: BUGS, locations: [{ id: '901', name: 'Roadmap' }] }))
    await world.changes(moved('a', 'in progress', 'review', THURSDAY))
    const scope = { connection: 'main', lists: ['901'], spaces: [] }
    expect(told(await world.material({ scope }), 'stuck')).toMatchObject([{ task: 'a', forMs: 8 * HOUR, p85Ms: HOUR }])
  })
})

describe('who is on what', () => {
  it('is told by the most urgent five tasks in work, and how many more', async () => {
    const ann = { id: '11', name: 'Ann Meyer' }
    const ben = { id: '12', name: 'Ben Cole' }
    await world.tasks(
      ...['low', 'normal', null, 'urgent', 'high', 'normal', 'low'].map((name, i) =>
        aTask({ id: `a${i}`, priority: priorityOf(name), assignees: i === 3 ? [ann, ben] : [ann] }),
      ),
      aTask({ id: 'b', ...status('to do'), assignees: [ben] }),
      aTask({ id: 'c', ...status('done'), assignees: [ben] }),
      aTask({ id: 'd', state: 'archived', assignees: [ben] }),
    )
    expect(told(await world.material())).toEqual([
      { kind: 'working', person: 'Ann Meyer', tasks: ['a3', 'a4', 'a1', 'a5', 'a0'], more: 2 },
      { kind: 'working', person: 'Ben Cole', tasks: ['a3'], more: 0 },
    ])
  })

  it('counts several accounts of one person as one', async () => {
    await world.members(
      { id: '12', name: 'Ben Cole', email: 'ben@example.com' },
      { id: '19', name: 'ben (guest)', email: 'BEN@example.com' },
      { id: '20', name: 'bc' },
    )
    await world.tasks(
      aTask({ id: 'a', assignees: [{ id: '19', name: 'ben (guest)' }] }),
      aTask({
        id: 'b',
        assignees: [
          { id: '20', name: 'bc' },
          { id: '12', name: 'Ben Cole' },
        ],
      }),
    )
    const reports = { ...SETTINGS.reports, people: { bc: 'Ben Cole' } }
    const material = await world.material({ settings: { reports } })
    expect(told(material)).toEqual([{ kind: 'working', person: 'Ben Cole', tasks: ['a', 'b'], more: 0 }])
    expect([...material.people]).toEqual([['p1', { ref: 'p1', id: '12', name: 'Ben Cole' }]])
  })
})
