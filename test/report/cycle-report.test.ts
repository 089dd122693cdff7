import { describe, expect, it } from 'vitest'
import { assumptionsOf } from '../../core/report/assumptions.ts'
import { cycleReport } from '../../core/report/cycle-report.ts'
import { cycleRow } from '../../core/report/cycle-row.ts'
import type { Dimension } from '../../core/report/groups.ts'
import { createPeople } from '../../core/report/people.ts'
import { percentilesOf } from '../../core/report/percentiles.ts'
import { spanText } from '../../core/report/spans.ts'
import { sprintsOf } from '../../core/report/sprints.ts'
import { aTask, NOW, sample, statusChange } from './support/sample.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('percentiles', () => {
  it('are values that occurred, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(percentilesOf(hundred)).toEqual({ count: 100, p50: 50, p85: 85, p95: 95 })
    expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p85: 7, p95: 7 })
    expect(percentilesOf([])).toEqual({ count: 0, p50: null, p85: null, p95: null })
  })
})

describe('people', () => {
  const members = [
    { id: '1', name: 'Ann Meyer', email: 'ann@team.example', role: 3 },
    { id: '2', name: 'ann (old)', email: 'Ann@team.example', role: 4 },
    { id: '3', name: 'Ben', role: 3 },
  ]

  it('are one by their address, and else by what the workspace calls them', () => {
    const people = createPeople(members, {})
    expect(people.nameOf({ id: '1', name: 'Ann' })).toBe('Ann Meyer')
    expect(people.nameOf({ id: '2', name: null })).toBe('Ann Meyer')
    expect(people.nameOf({ id: '9', name: 'A.', email: 'ANN@team.example' })).toBe('Ann Meyer')
    expect(people.nameOf({ id: '3', name: 'ben c.' })).toBe('Ben')
    expect(people.nameOf({ id: '8', name: 'Dag' })).toBe('Dag')
    expect(people.nameOf({ id: '7', name: null })).toBe('7')
  })

  it('are who they are said to be by hand', () => {
    const people = createPeople(members, { '3': 'Benjamin', 'ann@TEAM.example': 'Ann M.', Dag: 'Dag Lund' })
    expect(['1', '2', '3'].map((id) => people.nameOf({ id, name: null }))).toEqual(['Ann M.', 'Ann M.', 'Benjamin'])
    expect(people.nameOf({ id: '8', name: 'dag' })).toBe('Dag Lund')
  })
})

describe('sprints', () => {
  it('are lists with both dates in folders that are called so', () => {
    const list = (id: string, over: object = {}) => ({
      ...{ id, name: `Sprint ${id}`, archived: false, folderId: 'f1', startAt: 1, dueAt: 2, taskCount: 0 },
      ...over,
    })
    const lists = [list('1'), list('2', { dueAt: null }), list('3', { folderId: 'f2' }), list('4', { folderId: null })]
    const folders = [
      { id: 'f1', name: 'Team SPRINTS', archived: false },
      { id: 'f2', name: 'Roadmap', archived: false },
    ]
    const hierarchy = { spaces: [{ folders, lists }] }
    expect([...sprintsOf(hierarchy, 'sprint').keys()]).toEqual(['1'])
    expect([...sprintsOf(hierarchy, 'road').keys()]).toEqual(['3'])
    expect(sprintsOf(null, 'sprint').size).toBe(0)
  })
})

describe('a report', () => {
  const { read, calendar, settings, context } = sample({ tasks: 120 })
  const question = { since: NOW - 90 * DAY, until: NOW, generatedAt: NOW, scope: 'all', settings }
  const reportBy = (by: Dimension, rows = read.rows) => cycleReport([{ ...read, rows }], calendar, { ...question, by })

  it('counts each task once in all, and once in each of its groups', () => {
    for (const by of ['list', 'space', 'assignee', 'week'] as const) {
      const { total, groups } = reportBy(by)
      expect(total.done).toBe(120)
      expect(groups.reduce((sum, { done }) => sum + done, 0)).toBe(120)
    }
    const [first, second] = [
      { id: 'l1', name: 'Bugs' },
      { id: 'l2', name: 'Bugs' },
    ]
    const sprint = { id: 'l2', name: 'Sprint 2', startAt: 1, dueAt: 2 }
    const task = aTask({
      list: first,
      locations: [first, second],
      createdAt: NOW - DAY,
      status: { name: 'done', type: 'done' },
    })
    const changes = [statusChange(null, 'to do', NOW - DAY), statusChange('to do', 'done', NOW - HOUR)]
    const row = cycleRow({ task, changes, times: null }, { ...context, sprints: new Map([['l2', sprint]]) })
    expect(reportBy('list', [row]).groups.map(({ name, done }) => [name, done])).toEqual([
      ['Bugs (l1)', 1],
      ['Bugs (l2)', 1],
    ])
    expect(reportBy('sprint', [row]).groups).toMatchObject([{ name: 'Sprint 2', done: 1 }])
    expect(reportBy('sprint', [row]).total.done).toBe(1)
    expect(reportBy('assignee', [row]).groups).toMatchObject([{ name: 'nobody' }])
  })

  it('has every week, those without a task, too', () => {
    const rows = [read.rows[0], read.rows.at(-1)].flatMap((row) => row ?? [])
    const { weeks } = reportBy(
      'week',
      rows.map((row, i) => ({ ...row, doneAt: Date.UTC(2026, i === 0 ? 2 : 3, 23) })),
    )
    expect(weeks.map(({ name, done }) => `${name} ${done}`)).toEqual([
      '2026-W13 1',
      '2026-W14 0',
      '2026-W15 0',
      '2026-W16 0',
      '2026-W17 1',
    ])
  })

  it('says what it takes for granted and what it does not know', () => {
    const odd = { status: 'parked', statusType: 'strange', phase: null, elapsedMs: HOUR, workingMs: HOUR }
    const rows = read.rows.map((row, i) =>
      i > 1 ? row : { ...row, cycle: null, spent: [odd], precision: 'aggregate' as const },
    )
    const said = assumptionsOf(reportBy('list', rows)).join('\n')
    expect(said).toContain('mon, tue, wed, thu, fri from 09:00 to 17:00 in Europe/Berlin; a working day has 8 h.')
    expect(said).toContain('parked (type strange, 2 tasks)')
    expect(said).toContain('2 tasks went to done without any known work')
    expect(said).toContain("2 tasks of 120 began or ended before the connection and are known by ClickUp's totals")
  })

  it('of nothing is one of nothing', () => {
    const empty = reportBy('list', [])
    expect(empty).toMatchObject({ total: { done: 0, cycle: { working: { p50: null } } }, groups: [], weeks: [] })
    expect(assumptionsOf(empty).length).toBeGreaterThan(2)
  })
})

it.each([
  [null, '–'],
  [59_000, '1 min'],
  [90 * 60_000, '1.5 h'],
  [8 * HOUR, '1 d'],
  [1_000 * 8 * HOUR, '1000 d'],
])('a span of %s ms reads %s', (ms, text) => {
  expect(spanText(ms, 8 * HOUR)).toBe(text)
})
