import { describe, expect, it } from 'vitest'
import { tell } from '../../core/clickup/changes.ts'
import { readTimeEntry } from '../../core/clickup/list-time-entries.ts'
import { taskEntries, workspaceEntry } from '../../core/clickup/time-entries.ts'
import { toldEntry } from '../../core/tasks/time-entry.ts'
import { clientOf } from '../support/clickup-client.ts'
import { CONNECTION } from '../support/consumer.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { answer } from '../support/upstream.ts'

const T = 1_789_000_000_000
const HOUR = 3_600_000
const context = { observedAt: T + 2 * HOUR }

/** An entry as the specification shows it. */
const spec = (over: Record<string, unknown> = {}) => ({
  id: '1963465985517105840',
  task: { id: '1vwwavv', custom_id: null, name: 'a task', status: { status: 'open', type: 'open' }, custom_type: null },
  wid: '300702',
  user: { id: 1, username: 'first_name', email: 'someone@example.test', color: '#08c7e0', initials: 'JK' },
  billable: false,
  start: T,
  end: T + HOUR,
  duration: HOUR,
  description: 'Review',
  tags: [{ name: 'deep', tag_fg: '#fff', tag_bg: '#000', creator: 1 }],
  source: 'clickup',
  at: T + HOUR,
  ...over,
})

describe('an entry of the workspace', () => {
  it('is the same in numbers and in strings', () => {
    const numbers = workspaceEntry(spec(), context)
    const strings = workspaceEntry(
      spec({ start: String(T), end: String(T + HOUR), duration: String(HOUR), at: String(T + HOUR) }),
      context,
    )
    expect(numbers).toEqual(strings)
    expect(numbers).toEqual({
      entryId: '1963465985517105840',
      taskId: '1vwwavv',
      userId: '1',
      userName: 'first_name',
      startAt: T,
      endAt: T + HOUR,
      durationMs: HOUR,
      running: false,
      description: 'Review',
      billable: false,
      tags: ['deep'],
      source: 'clickup',
      deleted: false,
      changedAt: T + HOUR,
      revision: expect.stringContaining(String(T + 2 * HOUR - 5_000)),
      seen: [{ id: '1963465985517105840', source: 'workspace' }],
    })
  })

  it.each([
    ['absent', undefined],
    ['"0"', '0'],
    ['0', 0],
    ['null', null],
  ])('belongs to no task when its task is %s', (_, task) => {
    expect(workspaceEntry(spec({ task }), context)).toMatchObject({ taskId: null })
  })

  it.each([
    ['a duration below zero', { duration: `-${HOUR}`, end: undefined }],
    ['a duration below zero, as a number', { duration: -HOUR, end: null }],
  ])('runs with %s', (_, over) => {
    expect(workspaceEntry(spec(over), context)).toMatchObject({ running: true, durationMs: null, endAt: null })
  })

  it.each([
    ['ends before it begins', { end: T - 1, duration: HOUR }],
    ['says another duration than its times', { duration: 2 * HOUR }],
    ['has a duration below zero and an end', { duration: -HOUR }],
    ['began before ClickUp did', { start: 1_000, end: 2_000, duration: 1_000 }],
    ['begins in a far future', { start: T + 900 * 24 * HOUR, end: T + 900 * 24 * HOUR, duration: 0 }],
    ['has no id', { id: undefined }],
    ['has an id that would be another key', { id: 'a#b' }],
    ['is of a task with such an id', { task: { id: '../x' } }],
    ['is no object', null],
  ])('is broken when it %s', (_, over) => {
    expect(workspaceEntry(over === null ? 'entry' : spec(over), context)).toBeNull()
  })

  it('may be a minute out', () => {
    expect(workspaceEntry(spec({ duration: HOUR + 59_000 }), context)).not.toBeNull()
  })

  it('is good though what nobody needs of it is not', () => {
    const over = { tags: 'none', description: 7, billable: 'yes', user: {}, source: null, at: 'now' }
    expect(workspaceEntry(spec(over), context)).toMatchObject({ userId: null, changedAt: context.observedAt })
  })
})

describe('entries of a task by the older endpoint', () => {
  const interval = {
    id: '1',
    start: String(T),
    end: String(T + HOUR),
    time: String(HOUR),
    date_added: String(T + HOUR),
  }

  it('are grouped by person, and what is broken is counted beside the others', () => {
    const people = [
      {
        user: { id: 1, username: 'Ann' },
        time: HOUR,
        intervals: [interval, { ...interval, id: '2', end: String(T - 1) }],
      },
      { user: { id: 2, username: 'Ben' }, time: 0, intervals: [{ id: '3', start: null, end: null, time: 60_000 }] },
      'nobody',
    ]
    const { entries, broken } = taskEntries(people, 'abc', context)
    expect(entries).toMatchObject([
      { entryId: '1', userId: '1', userName: 'Ann', durationMs: HOUR, seen: [{ id: '1', source: 'task' }] },
      { entryId: '3', userId: '2', startAt: null, endAt: null, durationMs: 60_000, running: false },
    ])
    expect(entries[0]).not.toHaveProperty('description')
    expect(broken).toBe(2)
  })
})

describe('an entry that a delivery tells of', () => {
  const told = (item: Record<string, unknown>, over: Record<string, unknown> = {}) => {
    const body = JSON.stringify({ ...delivery('taskTimeTrackedUpdated', { task_id: 'abc' }, [item]), ...over })
    const result = tell(body, { connection: CONNECTION, receivedAt: T, slim: false })
    if (result.kind !== 'changes' || result.changes[0] === undefined) throw new Error('no change')
    return toldEntry(result.changes[0])
  }

  it('was seen under both of the ids that it names', () => {
    const item = taskItem.time('1', T, '932')
    const { kind, ...rest } = told(item, { data: { description: 'Time Tracking Created', interval_id: '923' } })
    expect(kind).toBe('entry')
    expect(rest).toMatchObject({
      entry: {
        entryId: '932',
        userId: '183',
        seen: [
          { id: '923', source: 'webhook' },
          { id: '932', source: 'webhook' },
        ],
      },
    })
    expect(told(item, { data: { interval_id: '932' } })).toEqual(told(item))
  })

  it('is broken when it cannot be, and none when another field changed', () => {
    const item = taskItem.time('1', T)
    expect(told({ ...item, after: { id: '1', start: String(T), end: String(T - HOUR), time: '1' } })).toEqual({
      kind: 'broken',
      reason: 'it ends before it begins',
    })
    expect(told(taskItem.estimate('1', T))).toEqual({ kind: 'none' })
  })
})

describe('a single entry', () => {
  const asked = (response: Response) =>
    readTimeEntry(clientOf('http://clickup.test/api', 'a-token', { fetch: async () => response }), {
      workspaceId: '1',
      entryId: '2',
    })

  it.each([
    ['found', answer(200, { data: spec() }), 'found'],
    ['gone without data', answer(200, { data: null }), 'gone'],
    ['gone with an empty list', answer(200, { data: [] }), 'gone'],
    ['gone by a 404 of ClickUp', answer(404, { ECODE: 'TIMEENTRY_001' }), 'gone'],
    ['not to be seen', answer(403, { ECODE: 'TIMEENTRY_059' }), 'noAccess'],
    ['broken', answer(200, { data: { id: '2' } }), 'broken'],
    ['unknown while ClickUp is down', answer(503, {}), 'unavailable'],
  ])('is %s', async (_, response, kind) => {
    expect(await asked(response)).toMatchObject({ kind })
  })
})
