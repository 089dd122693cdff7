import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reportSettingsSchema } from '../../../core/report/settings.ts'
import { dataOf } from '../../../core/standup/say/data.ts'
import { startDynamo } from '../../support/dynamo.ts'
import {
  aChange,
  aTask,
  born,
  createWorld,
  DAY,
  HOUR,
  moved,
  priorityOf,
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
const status = (name: string) => ({ status: statusOf(name) })
const KINDS = ['done', 'deleted', 'reopened', 'created', 'moved', 'priority'] as const

describe('what happened to the status of a task', () => {
  it('is one fact, from the beginning of the span to its end, that rests on all its changes', async () => {
    const steps = [
      moved('a', 'to do', 'in progress', AT),
      moved('a', 'in progress', 'to do', AT + 1),
      moved('a', 'to do', 'review', AT + 2, { actor: { id: '12', name: 'Ben Cole' } }),
    ]
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(...steps)
    const material = await world.material()
    const fact = { kind: 'moved', task: 'a', at: AT + 2, by: 'Ben Cole', from: 'to do', to: 'review' }
    expect(told(material, ...KINDS)).toEqual([fact])
    expect(material.facts[0]?.changeIds).toEqual(steps.map(({ id }) => id))
  })

  it('is nothing when it is back where it was, also for one that was done', async () => {
    await world.tasks(aTask({ id: 'a', ...status('to do') }), aTask({ id: 'b', ...status('done') }))
    await world.changes(
      moved('a', 'to do', 'review', AT),
      moved('a', 'review', 'to do', AT + 1),
      moved('b', 'done', 'review', AT),
      moved('b', 'review', 'done', AT + 1),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([])
  })

  it('is that it was finished, also of one that was made in the span', async () => {
    await world.tasks(aTask({ id: 'a', ...status('done') }), aTask({ id: 'b', ...status('closed') }))
    await world.changes(
      moved('a', 'review', 'done', AT),
      ...born('b', 'to do', AT),
      moved('b', 'to do', 'done', AT + 5),
      moved('b', 'done', 'closed', AT + 9),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([
      { kind: 'done', task: 'a', at: AT, by: 'Ann Meyer', status: 'done' },
      { kind: 'done', task: 'b', at: AT + 5, by: 'Ann Meyer', status: 'closed' },
    ])
  })

  it('is nothing of one that was finished before and only closed in the span', async () => {
    await world.tasks(aTask({ id: 'a', ...status('closed') }))
    await world.changes(moved('a', 'review', 'done', UNTIL - 3 * DAY), moved('a', 'done', 'closed', AT))
    expect(told(await world.material(), ...KINDS)).toEqual([])
  })

  it('is that it was taken up again', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(moved('a', 'done', 'in progress', AT), moved('a', 'in progress', 'review', AT + 1))
    const fact = { kind: 'reopened', task: 'a', at: AT + 1, by: 'Ann Meyer', from: 'done', to: 'review' }
    expect(told(await world.material(), ...KINDS)).toEqual([fact])
  })

  it('is neither of one that was finished in the span and taken up again since', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review'), updatedAt: UNTIL + 1_000, observedAt: UNTIL + 1_000 }))
    await world.changes(moved('a', 'review', 'done', AT), moved('a', 'done', 'review', UNTIL + 500))
    expect(told(await world.material({ now: UNTIL + DAY }), ...KINDS)).toEqual([])
  })

  it('is that it was made, once, in the status that it came to', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(...born('a', 'to do', AT), moved('a', 'to do', 'review', AT + 1))
    const fact = { kind: 'created', task: 'a', at: AT, by: 'Ann Meyer', status: 'review' }
    expect(told(await world.material(), ...KINDS)).toEqual([fact])
  })

  it('is what the config says that statuses mean', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(moved('a', 'in progress', 'review', AT))
    const reports = { timeZone: 'UTC', statuses: { Review: 'done' as const } }
    const material = await world.material({ settings: { reports: reportSettingsSchema.parse(reports) } })
    expect(told(material, ...KINDS)).toMatchObject([{ kind: 'done', task: 'a', status: 'review' }])
  })

  it('is known by the ledger where the task could not be read since', async () => {
    await world.tasks(aTask({ id: 'a', ...status('to do'), updatedAt: AT - DAY, observedAt: AT - DAY }))
    await world.changes(moved('a', 'to do', 'done', AT), moved('never-read', 'to do', 'done', AT))
    const material = await world.material()
    expect(told(material, ...KINDS)).toMatchObject([
      { kind: 'done', task: 'a' },
      { kind: 'done', task: 'never-read' },
    ])
    expect([...material.tasks.values()]).toMatchObject([
      { id: 'a', status: 'done' },
      { id: 'never-read', name: 'never-read', list: { id: '901', name: 'Roadmap' }, status: 'done' },
    ])
  })
})

describe('a deletion', () => {
  it('is told and rules out all else', async () => {
    await world.tasks(aTask({ id: 'a', ...status('done'), state: 'deleted' }))
    await world.changes(
      moved('a', 'review', 'done', AT),
      aChange('a', 'priority', [null, priorityOf('high')], AT),
      aChange('a', 'deletion', [null, null], AT + 1, { actor: null }),
    )
    expect(told(await world.material())).toEqual([{ kind: 'deleted', task: 'a', at: AT + 1, by: null }])
  })

  it('is nothing of what was made in the same span, nor of what is there again', async () => {
    await world.tasks(aTask({ id: 'a', state: 'deleted' }), aTask({ id: 'b' }))
    await world.changes(
      ...born('a', 'to do', AT),
      aChange('a', 'deletion', [null, null], AT + 1),
      aChange('b', 'deletion', [null, null], AT + 1),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([])
  })
})

describe('a priority', () => {
  it('is told as a shift from the one to the other, and back and forth is none', async () => {
    await world.tasks(aTask({ id: 'a' }), aTask({ id: 'b' }), aTask({ id: 'c' }))
    const shift = (id: string, from: string | null, to: string | null, at: number) =>
      aChange(id, 'priority', [priorityOf(from), priorityOf(to)], at)
    await world.changes(
      shift('a', 'low', 'normal', AT),
      shift('a', 'normal', 'urgent', AT + 1),
      shift('b', 'low', 'high', AT),
      shift('b', 'high', 'low', AT + 1),
      shift('c', 'high', null, AT + 2),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([
      { kind: 'priority', task: 'a', at: AT + 1, by: 'Ann Meyer', from: 'low', to: 'urgent' },
      { kind: 'priority', task: 'c', at: AT + 2, by: 'Ann Meyer', from: 'high', to: null },
    ])
  })

  it('with which a task begins is no shift, and another one after it is', async () => {
    await world.tasks(aTask({ id: 'a' }), aTask({ id: 'b' }))
    await world.changes(
      ...born('a', 'to do', AT),
      aChange('a', 'priority', [null, priorityOf('high')], AT + 1),
      ...born('b', 'to do', AT),
      aChange('b', 'priority', [null, priorityOf('high')], AT + 1),
      aChange('b', 'priority', [priorityOf('high'), priorityOf('low')], AT + 2),
    )
    expect(told(await world.material(), 'priority')).toMatchObject([{ task: 'b', from: 'high', to: 'low' }])
  })
})

describe('who did it', () => {
  const ben = { actor: { id: '12', name: 'Ben Cole' } }

  it('is whoever finished or reopened a task, and not who moved it on after that', async () => {
    await world.tasks(aTask({ id: 'a', ...status('closed') }), aTask({ id: 'b', ...status('review') }))
    await world.changes(
      moved('a', 'review', 'done', AT),
      moved('a', 'done', 'closed', AT + 1, ben),
      moved('b', 'done', 'to do', AT),
      moved('b', 'to do', 'review', AT + 1, ben),
    )
    expect(told(await world.material(), ...KINDS)).toMatchObject([
      { kind: 'done', by: 'Ann Meyer', at: AT },
      { kind: 'reopened', by: null, from: 'done', to: 'review' },
    ])
  })

  it('is nobody where several did a part each', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(
      moved('a', 'to do', 'in progress', AT),
      moved('a', 'in progress', 'review', AT + 1, ben),
      aChange('a', 'priority', [priorityOf('low'), priorityOf('high')], AT),
      aChange('a', 'priority', [priorityOf('high'), priorityOf('urgent')], AT + 1, ben),
    )
    expect(told(await world.material(), 'moved', 'priority')).toMatchObject([
      { kind: 'priority', by: null, from: 'low', to: 'urgent' },
      { kind: 'moved', by: null, from: 'to do', to: 'review' },
    ])
  })
})

describe('a time', () => {
  it('that a sweep has found is only the latest one, and is told to nobody', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }), aTask({ id: 'b', ...status('done') }))
    const found = { origin: 'sweep' as const, actor: null, atEarliest: AT - 2 * HOUR }
    await world.changes(moved('a', 'to do', 'review', AT, found), moved('b', 'review', 'done', AT, found))
    const material = await world.material()
    expect(told(material, ...KINDS)).toEqual([
      { kind: 'done', task: 'b', at: AT, isAtLatest: true, by: null, status: 'done' },
      { kind: 'moved', task: 'a', at: AT, isAtLatest: true, by: null, from: 'to do', to: 'review' },
    ])
    const lines = dataOf(material).split('\n')
    expect(lines).toContain('f1 | done | {t1} | status "done"')
    expect(lines).toContain('f2 | moved | {t2} | from "to do" to "review"')
  })
})

describe('a change', () => {
  it('is in the span in which it became known, and in no other', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    const late = { publishedAt: UNTIL + 4_000, receivedAt: UNTIL + 3_000, origin: 'sweep' as const, actor: null }
    await world.changes(moved('a', 'to do', 'review', UNTIL - 60_000, late))
    const tomorrow = { ...SPAN, from: SPAN.until, until: SPAN.until + DAY }
    expect(told(await world.material({ now: UNTIL + DAY }), ...KINDS)).toEqual([])
    expect(told(await world.material({ span: tomorrow, now: UNTIL + DAY }), ...KINDS)).toEqual([
      { kind: 'moved', task: 'a', at: UNTIL - 60_000, by: null, from: 'to do', to: 'review' },
    ])
  })

  it('that comes late between two that were told changes nothing any more', async () => {
    await world.tasks(aTask({ id: 'a', ...status('review') }))
    await world.changes(
      moved('a', 'in progress', 'review', SPAN.from - HOUR),
      moved('a', 'to do', 'in progress', SPAN.from - 2 * HOUR, { publishedAt: AT }),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([])
  })

  it('of a comment or a custom field, of a backfill, or of another connection makes no fact', async () => {
    await world.tasks(aTask({ id: 'a' }))
    await world.changes(
      aChange('a', 'comment', [null, { id: '1' }], AT),
      aChange('a', 'custom_field', [null, 'a digest'], AT, { customField: { id: 'x', name: 'Digest', type: 'text' } }),
      moved('a', 'to do', 'in progress', AT, { origin: 'backfill' }),
      moved('a', 'to do', 'in progress', AT, { connection: 'other' }),
    )
    expect(told(await world.material(), ...KINDS)).toEqual([])
  })
})
