import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import type { Change } from '../../core/ledger/change.ts'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { aChange, complete, logTime, NOW, record, run, type Stack, startStack, TABLES } from '../cli/stack.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

const hookline = (...args: string[]) => run(stack.cwd, ['export', ...args])
const rowSchema = z.looseObject({ id: z.string().optional() })
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
const idsOf = (text: string) => rowsOf(text).map(({ id }) => id)
const file = (name: string) => join(stack.cwd, name)
const unfinished = () => readdirSync(stack.cwd).filter((name) => name.endsWith('.part'))
const sorted = (changes: readonly Change[]) => changes.map(({ id }) => id).sort()

/** A change that came in so long ago. */
const ago = (ms: number, over: Partial<Change> = {}) => aChange({ at: NOW - ms, receivedAt: NOW - ms, ...over })

/** Where a sweep, and a backfill, of the connection stand. */
const putRun = (thing: string, run: object) =>
  stack.dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { [PK]: stateKey('main', thing), ...run } }))
const common = {
  ...{
    version: 1,
    run: 'r',
    startedAt: NOW - DAY,
    updatedAt: NOW,
    endedAt: NOW - HOUR,
    heldUntil: 0,
    calls: 0,
    parts: 0,
  },
  ...{ note: null, settlingSince: 0, places: { spaceIds: [], listed: true }, stretches: [], pages: 0, tasks: 0 },
}
const sweptUntil = (watermark: number) =>
  putRun('sweep', {
    ...{
      ...common,
      phase: 'done',
      sentAt: 0,
      heardUntil: 0,
      horizon: 0,
      since: 0,
      suspects: [],
      watermark,
      last: null,
    },
    byHour: {},
  })
const backfilled = (endedAt: number | null) =>
  putRun('backfill', {
    ...{
      ...common,
      endedAt,
      phase: 'done',
      days: 90,
      publish: false,
      since: 0,
      until: NOW,
      timeEntries: 0,
      unasked: [],
    },
    ...{ timeInStatus: true, timeEntriesBefore: 0, emptyMonths: 0 },
  })

test('all changes, and with --since those that were published from then on, in that order', async () => {
  const old = ago(40 * DAY)
  // It happened long ago and came in an hour ago.
  const late = aChange({ at: NOW - 30 * DAY, receivedAt: NOW - HOUR })
  const fresh = ago(30 * MINUTE, { resource: { kind: 'task', id: '86c2' } })
  await complete(stack, [fresh, late, old])
  const all = await hookline('changes')
  expect(idsOf(all.out).sort()).toEqual(sorted([old, late, fresh]))
  expect(all.err).toMatch(/Exported 3 rows with [1-9]\d* read units/)
  const some = await hookline('changes', '--since', '2h')
  expect(idsOf(some.out)).toEqual([late.id, fresh.id])
  const { out } = await hookline('changes', '--since', '2h', '--until', '45m')
  expect(idsOf(out)).toEqual([late.id])
})

test('increments by a cursor file leave nothing out, and what comes twice has the same id', async () => {
  const made: Change[] = []
  const exportedIds: (string | undefined)[] = []
  const args = ['export', 'changes', '--cursor-file', 'changes.cursor', '--out', 'out.ndjson']
  const runAt = (now: number) =>
    main(args, {
      write: () => undefined,
      note: () => undefined,
      columns: 80,
      colours: false,
      now: () => now,
      cwd: stack.cwd,
    })
  for (let round = 0; round < 4; round += 1) {
    const now = NOW + round * HOUR
    // Some are stored only after an export that began later than they were published.
    const fresh = Array.from({ length: 40 }, (_, i) =>
      aChange({ at: now - i * MINUTE, receivedAt: now - i * MINUTE - 400 }),
    )
    const [prompt, slow] = [fresh.slice(10), fresh.slice(0, 10)]
    await complete(stack, prompt)
    expect(await runAt(now)).toBe(0)
    exportedIds.push(...idsOf(readFileSync(file('out.ndjson'), 'utf8')))
    await complete(stack, slow)
    made.push(...fresh)
  }
  expect(await runAt(NOW + 4 * HOUR)).toBe(0)
  exportedIds.push(...idsOf(readFileSync(file('out.ndjson'), 'utf8')))
  expect([...new Set(exportedIds)].sort()).toEqual(sorted(made))
  expect(exportedIds.length).toBeLessThan(made.length * 2)
})

test('a cursor file of another export is refused, and so is what is none', async () => {
  await complete(stack, [ago(HOUR)])
  expect(await hookline('changes', '--cursor-file', 'c')).toMatchObject({ status: 0 })
  expect(await hookline('tasks', '--cursor-file', 'c')).toMatchObject({
    ...{ status: 1, out: '' },
    err: expect.stringContaining('belongs to the export of changes'),
  })
  writeFileSync(file('d'), 'something else')
  expect(await hookline('tasks', '--cursor-file', 'd')).toMatchObject({ status: 1, out: '' })
})

test('the next increment of tasks begins at the watermark; without one it is whole', async () => {
  await record(stack, '86c1', { name: 'one' })
  const json = async () => JSON.parse((await hookline('tasks', '--out', 'tasks.ndjson', '--json')).out)
  expect(await json()).toMatchObject({ rows: 0, next: null })
  await sweptUntil(NOW - 2 * HOUR)
  expect(await json()).toMatchObject({ next: NOW - 2 * HOUR - MINUTE })
  // While a history is read, what it reads may be stored much later.
  await backfilled(null)
  expect(await json()).toMatchObject({ next: NOW - DAY - MINUTE })
})

/** What an export gives at another time. */
async function exportedAt(now: number, ...args: string[]): Promise<string> {
  const texts: string[] = []
  const io = { write: (text: string) => void texts.push(text), note: () => undefined, columns: 80, colours: false }
  await main(['export', ...args], { ...io, now: () => now, cwd: stack.cwd })
  return texts.join('')
}

test('a snapshot counts by when it was observed', async () => {
  await record(stack, '86c1', { name: 'one' })
  const tasks = async (...args: string[]) => idsOf(await exportedAt(NOW + HOUR, 'tasks', ...args))
  expect(await tasks()).toEqual(['86c1'])
  expect(await tasks('--since', '2h')).toEqual(['86c1'])
  expect(await tasks('--since', '30m')).toEqual([])
})

test('a CSV has no formulas in it, and every cell is one cell', async () => {
  const name = '=HYPERLINK("http://127.0.0.1","x")\n,second line'
  await record(stack, '86c1', { name, points: -2.5, tags: ['@sum'], assignees: [{ id: '7', name: '+Ada' }] })
  const { status } = await run(stack.cwd, ['export', 'tasks', '--until', '2027-01-01', '--out', 'tasks.csv'])
  expect(status).toBe(0)
  const [head = '', ...lines] = readFileSync(file('tasks.csv'), 'utf8').split('\n')
  const text = lines.join('\n')
  expect(head.split(',')).toContain('custom_fields_json')
  expect(text).toContain(`"'=HYPERLINK(""http://127.0.0.1"",""x"")\n,second line"`)
  expect(text).toContain(",'@sum,")
  expect(text).toContain(",'+Ada,")
  expect(text).toContain(',-2.5,')
})

test('all intervals of a task come again when its status has changed, and of no other', async () => {
  const [open, doing, done] = ['open', 'doing', 'done'].map((name) => z.json().parse({ name, type: 'custom' }))
  const moved = (ms: number, before: typeof open, after: typeof open, id: string) =>
    ago(ms, { before: before ?? null, after: after ?? null, resource: { kind: 'task', id } })
  for (const id of ['86c1', '86c2']) {
    await record(stack, id, { createdAt: NOW - 10 * DAY, status: { name: 'done', type: 'custom' } })
    await complete(stack, [moved(5 * DAY, open, doing, id)])
  }
  const [one, other] = [
    ['86c1 doing exact', '86c1 done exact', '86c1 open interval'],
    ['86c2 doing exact', '86c2 open interval'],
  ]
  // A day later, so that both were observed before what the increment begins with.
  await complete(stack, [moved(10 * MINUTE - DAY, doing, done, '86c1'), ago(-DAY, { field: 'name' })])
  const intervals = async (...args: string[]) =>
    rowsOf(await exportedAt(NOW + DAY + MINUTE, 'status-intervals', ...args))
      .map((row) => `${row['taskId']} ${row['status']} ${row['precision']}`)
      .sort()
  expect(await intervals()).toEqual([...one, ...other])
  expect(await intervals('--since', '30m')).toEqual(one)
})

test('time entries count by when they were changed; after a history they come whole', async () => {
  await logTime(stack, '86c1', 'e1')
  const worklog = createWorklogStore({ dynamo: stack.dynamo, table: TABLES.tasks })
  const old = { startAt: NOW - 9 * DAY, endAt: NOW - 8 * DAY, durationMs: DAY, changedAt: NOW - 8 * DAY }
  await worklog.record('main', {
    ...{ ...old, entryId: 'e0', taskId: null, userId: '7', userName: 'Ada', deleted: false, running: false },
    ...{ revision: String(NOW - 8 * DAY), seen: [] },
  })
  const entries = async (...args: string[]) =>
    rowsOf((await hookline('time-entries', '--until', '2027-01-01', ...args)).out)
      .map((row) => row['entryId'])
      .sort()
  expect(await entries()).toEqual(['e0', 'e1'])
  expect(await entries('--since', '2h')).toEqual(['e1'])
  await sweptUntil(NOW)
  expect((await hookline('time-entries', '--cursor-file', 'c')).status).toBe(0)
  expect(await entries('--cursor-file', 'c')).toEqual(['e1'])
  await backfilled(NOW)
  expect(await entries('--cursor-file', 'c')).toEqual(['e0', 'e1'])
})

test('a file is there only when it is whole, and its rows are those of standard output', async () => {
  await complete(stack, [ago(HOUR), ago(2 * HOUR)])
  writeFileSync(file('out.ndjson'), 'before')
  // The second page fails: the index still names what the table will not give.
  const off = stack.gateway.intercept(({ action }) => {
    if (action === 'dynamodb:BatchGetItem') throw new Error('away')
  })
  const failed = await hookline('changes', '--since', '1d', '--out', 'out.ndjson', '--cursor-file', 'c')
  off()
  expect(failed.status).toBe(1)
  expect(readFileSync(file('out.ndjson'), 'utf8')).toBe('before')
  expect([unfinished(), existsSync(file('c'))]).toEqual([[], false])
  expect((await hookline('changes', '--since', '1d', '--out', 'out.ndjson')).status).toBe(0)
  expect(readFileSync(file('out.ndjson'), 'utf8')).toBe((await hookline('changes', '--since', '1d')).out)
})

test('Ctrl-C leaves what was there before', async () => {
  await complete(stack, [ago(HOUR)])
  let interrupt: () => void = () => undefined
  const seen: boolean[] = []
  const off = stack.gateway.intercept(({ action }) => {
    if (action !== 'dynamodb:BatchGetItem') return
    seen.push(unfinished().length > 0)
    interrupt()
    seen.push(unfinished().length > 0)
  })
  await main(['export', 'changes', '--since', '1d', '--out', 'out.ndjson'], {
    ...{ write: () => undefined, note: () => undefined, columns: 80, colours: false, now: () => NOW, cwd: stack.cwd },
    onInterrupt: (act) => {
      interrupt = act
      return () => undefined
    },
  })
  off()
  expect(seen).toEqual([true, false])
})

test('--rate waits between reads', async () => {
  await complete(
    stack,
    Array.from({ length: 30 }, (_, i) => ago(HOUR + i)),
  )
  const clock = { now: NOW }
  await main(['export', 'changes', '--since', '1d', '--rate', '2'], {
    ...{ write: () => undefined, note: () => undefined, columns: 80, colours: false, cwd: stack.cwd },
    now: () => clock.now,
    sleep: async (ms) => {
      clock.now += ms
    },
  })
  // 30 consistent reads of one unit each wait at least for what came before them.
  expect(clock.now - NOW).toBeGreaterThan(1_000)
})

test.each([
  [['changes', '--json'], '--out'],
  [['changes', '--since', '1h', '--until', '2h'], '--until is not after --since'],
  [['changes', '--out', 'nowhere/out'], 'cannot be written (ENOENT)'],
  [['tasks', '--connection', 'other'], 'other'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { status, out, err } = await hookline(...args)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toContain(sentence)
})
