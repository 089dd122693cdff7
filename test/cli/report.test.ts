import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import type { Change } from '../../core/ledger/change.ts'
import { saveSpace, saveSpaceIds } from '../../core/sync/hierarchy.ts'
import { saveMembers } from '../../core/sync/members.ts'
import type { TaskFields } from '../../core/tasks/snapshot.ts'
import { createStatusTimesStore } from '../../core/tasks/status-times.ts'
import { aChange, complete, NOW, record, run, type Stack, startStack, TABLES } from './stack.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A Monday at ten, UTC. */
const MONDAY = Date.UTC(2026, 7, 31, 10)
const DONE = { name: 'done', type: 'done' }
const TYPES: Record<string, string> = { open: 'open', doing: 'custom', done: 'done' }

let stack: Stack
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
  const list = (id: string, name: string, folderId: string | null, dates: number | null) => ({
    ...{ id, name, folderId, archived: false, startAt: dates, dueAt: dates, taskCount: null },
  })
  const space = (id: string, name: string, lists: ReturnType<typeof list>[]) => ({
    ...{ id, name, archived: false, lists, fields: {}, listedAt: NOW },
    folders: [{ id: 'f1', name: 'Sprints', archived: false }],
  })
  const state = { dynamo: stack.dynamo, table: TABLES.state }
  const lists = [list('l1', 'Roadmap', null, null), list('l2', 'Sprint 8', 'f1', MONDAY)]
  await saveSpace(state, 'main', space('s1', 'Product', lists))
  await saveSpace(state, 'main', space('s2', 'Marketing', [list('l3', 'Campaign', null, null)]))
  await saveSpaceIds(state, 'main', { readAt: NOW, spaceIds: ['s1', 's2'] })
  const members = [{ id: '7', name: 'Ada Lovelace', role: 3 }]
  await saveMembers(state, 'main', { readAt: NOW, members })
  // Two hours, two working days, a task that nobody told of, one in progress, and one of another space.
  await put('t1', [
    ['open', 0],
    ['doing', HOUR],
    ['done', 3 * HOUR],
  ])
  await put(
    't2',
    [
      ['open', 0],
      ['doing', HOUR],
      ['done', 2 * DAY + HOUR],
    ],
    { locations: [{ id: 'l2', name: 'Sprint 8' }] },
  )
  await put('t3', [], { createdAt: MONDAY - 10 * DAY, doneAt: MONDAY - 3 * DAY, name: '=cmd()' })
  await createStatusTimesStore({ dynamo: stack.dynamo, table: TABLES.tasks }).put('main', {
    taskId: 't3',
    asOf: MONDAY,
    current: { status: 'done', since: null, minutes: 3 * 24 * 60 },
    history: [
      { status: 'open', type: 'open', minutes: 6 * 24 * 60, since: MONDAY - 10 * DAY, orderindex: 0 },
      { status: 'doing', type: 'custom', minutes: 24 * 60, since: MONDAY - 4 * DAY, orderindex: 1 },
      { status: 'done', type: 'done', minutes: 3 * 24 * 60, since: MONDAY - 3 * DAY, orderindex: 2 },
    ],
  })
  await put(
    't4',
    [
      ['open', 0],
      ['doing', HOUR],
    ],
    { status: { name: 'doing', type: 'custom' } },
  )
  await put(
    't5',
    [
      ['open', 0],
      ['done', HOUR],
    ],
    { list: { id: 'l3', name: 'Campaign' }, space: { id: 's2', name: 'Marketing' } },
  )
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

async function put(id: string, steps: [string, number][], over: Partial<TaskFields> = {}) {
  const changes = steps.map(([status, after], i): Change => {
    const before = steps[i - 1]?.[0]
    return aChange({
      ...{ resource: { kind: 'task', id }, at: MONDAY + after },
      before: before === undefined ? null : { name: before, type: TYPES[before] ?? '' },
      after: { name: status, type: TYPES[status] ?? '' },
    })
  })
  await complete(stack, changes)
  const last = MONDAY + (steps.at(-1)?.[1] ?? 0)
  await record(stack, id, {
    ...{ name: `Task ${id}`, list: { id: 'l1', name: 'Roadmap' }, space: { id: 's1', name: 'Product' }, status: DONE },
    ...{ createdAt: MONDAY, doneAt: last, updatedAt: NOW - HOUR, assignees: [{ id: '7', name: 'ada' }] },
    ...over,
  })
}

const report = (...args: string[]) => run(stack.cwd, ['report', 'cycle-time', ...args])

const shown = z.looseObject({
  total: z.looseObject({ done: z.number() }),
  groups: z.array(z.looseObject({ name: z.string(), done: z.number() })),
  tasks: z.array(
    z.looseObject({
      taskId: z.string(),
      precision: z.string(),
      cycle: z.object({ elapsedMs: z.number(), workingMs: z.number() }).nullable(),
    }),
  ),
  notes: z.looseObject({ inProgress: z.number() }),
})
const json = async (...args: string[]) => shown.parse(JSON.parse((await report('--json', ...args)).out))

describe('hookline report cycle-time', () => {
  it('tells how long tasks took, by the ledger and by totals', async () => {
    const { tasks, total, notes } = await json()
    expect(total.done).toBe(4)
    expect(notes.inProgress).toBe(1)
    expect(Object.fromEntries(tasks.map(({ taskId, cycle, precision }) => [taskId, [cycle, precision]]))).toEqual({
      t1: [{ elapsedMs: 2 * HOUR, workingMs: 2 * HOUR }, 'exact'],
      t2: [{ elapsedMs: 2 * DAY, workingMs: 16 * HOUR }, 'exact'],
      // From Thursday at ten to Friday at ten.
      t3: [{ elapsedMs: DAY, workingMs: 8 * HOUR }, 'aggregate'],
      t5: [null, 'exact'],
    })
  })

  it.each([
    ['list', { Roadmap: 3, Campaign: 1, 'Sprint 8': 1 }],
    ['space', { Product: 3, Marketing: 1 }],
    ['assignee', { 'Ada Lovelace': 4 }],
    ['sprint', { 'no sprint': 3, 'Sprint 8': 1 }],
    ['week', { '2026-W35': 1, '2026-W36': 3 }],
  ])('sums up by %s', async (by, expected) => {
    const { groups } = await json('--by', by)
    expect(Object.fromEntries(groups.map(({ name, done }) => [name, done]))).toEqual(expected)
  })

  it('takes spaces and lists by id and by name, lists with what was added to them', async () => {
    expect((await json('--space', 'product')).total.done).toBe(3)
    expect((await json('--space', 's2')).total.done).toBe(1)
    expect((await json('--list', 'Sprint 8')).tasks.map(({ taskId }) => taskId)).toEqual(['t2'])
    expect(await report('--space', 'Sales')).toMatchObject({
      status: 1,
      err: 'hookline: There is no space or list Sales: use one of Product (s1), Marketing (s2).\n',
    })
  })

  it('counts what was done in a time', async () => {
    expect((await json('--since', '2026-09-01')).tasks.map(({ taskId }) => taskId)).toEqual(['t2'])
    expect((await json('--until', '2026-09-01')).total.done).toBe(3)
    const { status, err } = await report('--since', '1d', '--until', '2d')
    expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining('--since has to be before --until') })
    expect((await report('--since', '1h')).out).toContain('No task of local stack was done from')
  })

  it('is a table with what it takes for granted beneath', async () => {
    const { out, err, status } = await report('--by', 'space', '--utc')
    expect({ err, status }).toEqual({ err: '', status: 0 })
    const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, '|'))
    expect(lines.slice(0, 4)).toEqual([
      'SPACE|DONE|CYCLE P50|P85|P95|CALENDAR P85|LEAD P50|LEAD P85|REOPENED',
      expect.stringMatching(/^Product\|3\|1 d\|2 d\|2 d\|2 d\|/),
      expect.stringMatching(/^Marketing\|1\|–\|–\|–\|–\|1 h\|1 h\|0$/),
      expect.stringMatching(/^all\|4\|1 d\|/),
    ])
    expect(out).toContain('1 in progress now.')
    expect(out).toContain('Working time is mon, tue, wed, thu, fri from 09:00 to 17:00 in UTC')
  })

  it('is CSV that no spreadsheet takes for a formula', async () => {
    const { out } = await report('--csv', '--space', 's1')
    const [head, ...lines] = out.trimEnd().split('\n')
    expect(head).toMatch(/^task_id,name,connection,/)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain("t3,'=cmd(),main,Product,Roadmap,,Ada Lovelace,done,2026-08-21T10:00:00.000Z")
    expect((await report('--csv', '--json')).status).toBe(2)
  })

  it('is a page, too', async () => {
    const { err, out } = await report('--html', 'page.html', '--json')
    expect(err).toBe('Written to page.html.\n')
    expect(shown.parse(JSON.parse(out)).total.done).toBe(4)
    expect(readFileSync(join(stack.cwd, 'page.html'), 'utf8')).toContain('<svg')
    expect((await report('--html', 'nowhere/page.html')).err).toContain('name a file in a folder that is there')
  })
})
