import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valuesOf } from '../../core/clickup/values.ts'
import { revisionOf, seenAs, type TimeEntry, timeChangeValues } from '../../core/tasks/time-entry.ts'
import { timeChanges, worklogDifferences } from '../../core/tasks/worklog-differences.ts'
import { taskItem } from '../support/deliveries.ts'

const T = Date.UTC(2026, 5, 3, 9)
const HOUR = 3_600_000
const SPAN = { from: T, until: T + 24 * HOUR, asOf: T + 30 * HOUR }

const entry = (id: string, over: Partial<TimeEntry> = {}): TimeEntry => ({
  entryId: id,
  taskId: 'abc',
  userId: '7',
  startAt: T + HOUR,
  endAt: T + 2 * HOUR,
  durationMs: HOUR,
  running: false,
  deleted: false,
  changedAt: T + 2 * HOUR,
  revision: revisionOf(T + 2 * HOUR, { deleted: false, by: 'x' }),
  seen: seenAs([id], 'workspace'),
  ...over,
})
/** As a listing shows it that begins at `asOf`. */
const listed = (id: string, over: Partial<TimeEntry> = {}) =>
  entry(id, { revision: revisionOf(SPAN.asOf - 5_000, { deleted: false, by: 'listed' }), ...over })
const RUNNING = { running: true, endAt: null, durationMs: null }
const NOTHING = { added: [], changed: [], silent: [], gone: [] }

describe('what a listing shows beside what is stored', () => {
  it('is nothing when they are the same', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9 }).map(String))
    fc.assert(
      fc.property(ids, (drawn) => {
        const stored = drawn.map((id) => entry(id))
        expect(worklogDifferences(stored, drawn.map((id) => listed(id)).reverse(), SPAN)).toEqual(NOTHING)
      }),
    )
  })

  it.each([
    ['added', null, {}, 'added'],
    ['an edit', {}, { endAt: T + 3 * HOUR, durationMs: 2 * HOUR }, 'changed'],
    ['another task', {}, { taskId: 'def' }, 'changed'],
    ['a timer that stopped', RUNNING, {}, 'changed'],
    ['what was deleted and is there again', { deleted: true }, {}, 'changed'],
    ['a timer that runs', null, RUNNING, 'silent'],
    ['another description', {}, { description: 'x' }, 'silent'],
    ['time without a task', null, { taskId: null }, 'silent'],
  ])('shows %s', (_, before, after, kind) => {
    const stored = before === null ? [] : [entry('1', before)]
    const found = worklogDifferences(stored, [listed('1', after)], SPAN)
    expect(found).toEqual({ ...NOTHING, [kind]: [{ before: stored[0] ?? null, after: listed('1', after) }] })
  })

  it('nominates what is not there any more', () => {
    expect(worklogDifferences([entry('1'), entry('2')], [listed('2')], SPAN).gone).toEqual([entry('1')])
  })

  it.each([
    ['is deleted already', { deleted: true }, {}],
    ['began before the span', { startAt: T - 1 }, {}],
    ['was told of after the listing began', { revision: revisionOf(SPAN.asOf, { deleted: false, by: 'x' }) }, {}],
    ['is of somebody whose time is not to be seen', {}, { refused: ['7'] }],
    ['is of nobody knows whom, where some are not to be seen', { userId: null }, { refused: ['8'] }],
  ])('nominates nothing that %s', (_, over, span) => {
    expect(worklogDifferences([entry('1', over)], [], { ...SPAN, ...span })).toEqual(NOTHING)
  })

  it('leaves alone what was told of after the listing began', () => {
    const newer = entry('1', { durationMs: 1, revision: revisionOf(SPAN.asOf, { deleted: false, by: 'x' }) })
    expect(worklogDifferences([newer], [listed('1')], SPAN)).toEqual(NOTHING)
  })

  it('knows an entry by any of its ids', () => {
    const stored = entry('1', { seen: seenAs(['1', '2'], 'webhook') })
    expect(worklogDifferences([stored], [listed('2')], SPAN)).toEqual(NOTHING)
  })

  it('takes an entry that only deliveries told of for its listed twin', () => {
    const told = entry('1', { seen: seenAs(['1'], 'webhook') })
    const found = worklogDifferences([told], [listed('2')], SPAN)
    expect(found).toMatchObject({ added: [], changed: [], gone: [], silent: [{ before: told }] })
    expect(found.silent[0]?.after.seen).toEqual([...seenAs(['2'], 'workspace'), ...seenAs(['1'], 'webhook')])
  })
})

describe('a change that a difference makes', () => {
  it('has the values that a delivery of the same has', () => {
    const item = { id: '1', field: 'time_spent', ...taskItem.time('1', T + 900_000, '28008') }
    const delivered = valuesOf(item, { storeComments: false, storeEmails: false })
    const after = entry('28008', { startAt: T, endAt: T + 900_000, durationMs: 900_000 })
    expect(timeChangeValues(null, after)).toEqual(delivered)
    expect(timeChangeValues(after, { ...after, deleted: true })).toEqual({ before: delivered.after, after: null })
  })

  it('is one of each task when the entry moved', () => {
    const [there, here] = [entry('1'), entry('1', { taskId: 'def' })]
    const value = timeChangeValues(null, here).after
    expect(timeChanges(there, here)).toEqual([
      { taskId: 'abc', values: { before: value, after: null } },
      { taskId: 'def', values: { before: null, after: value } },
    ])
    expect(timeChanges(entry('1', { taskId: null }), here)).toHaveLength(1)
    expect(timeChanges(there, { ...there, description: 'x' })).toEqual([])
  })
})
