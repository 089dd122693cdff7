import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Followed, startFollowed } from './followed.ts'
import { NOW } from './stack.ts'
import { DAY, MINUTE, putItem, saveBackfill, saveRecord } from './states.ts'

let stack: Followed
beforeEach(async () => {
  stack = await startFollowed()
  await saveRecord(stack)
})
afterEach(() => stack.close())

const stretch = { since: NOW - 90 * DAY, page: 0, archived: true }
const on = (version: number, over: Parameters<typeof saveBackfill>[1]) => () =>
  saveBackfill(stack, {
    ...{ version, run: 'b2', startedAt: NOW, updatedAt: NOW, endedAt: null, phase: 'tasks' },
    ...{ since: NOW - 90 * DAY, until: NOW, timeEntries: 0 },
    ...over,
  })
const done = (version: number) => on(version, { phase: 'done', endedAt: NOW + 3_000, timeEntries: 30, calls: 40 })

test('a backfill is asked for and followed with its bar', async () => {
  await saveBackfill(stack)
  const half = [{ ...stretch, until: NOW, edge: [], at: null, isAgain: false }]
  const happenings = [on(1, { tasks: 600, pages: 6, calls: 12, stretches: half }), done(2)]
  const { status, out, err, lines } = await stack.hookline(['backfill', '--days', '30'], happenings, {
    onTerminal: true,
  })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(lines).toEqual([
    'Backfill: waiting for it to begin ...',
    'Backfill: [##########..........] reading tasks, 600 tasks, 6 pages, 12 calls, 36000 tasks/min, about 1s left',
    null,
  ])
  expect(out).toBe('The history of 90 days is there: 1200 tasks, 30 time entries, 12 pages, 40 calls, in 3s.\n')
  expect(await stack.jobs()).toEqual([
    { job: 'backfill', connection: 'main', reason: 'asked', days: 30, publish: false },
  ])
})

test.each([
  [['--all'], { days: null, publish: false }],
  [['--publish'], { publish: true }],
  [[], { publish: false }],
])('hookline backfill %j asks for it', async (flags, job) => {
  const { status } = await stack.hookline(['backfill', '--no-wait', ...flags])
  expect(status).toBe(0)
  expect(await stack.jobs()).toEqual([{ job: 'backfill', connection: 'main', reason: 'asked', ...job }])
})

test('--json is one line at the end, and progress is on standard error', async () => {
  const { status, out, err } = await stack.hookline(['backfill', '--json'], [on(0, { tasks: 1 }), done(1)])
  expect(status).toBe(0)
  expect(err).toMatch(/^Backfill: [^\n]*reading tasks[^\n]*\n$/)
  expect(out).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(out)).toMatchObject({
    ...{ target: 'local stack', connection: 'main', run: 'b2', phase: 'done', days: 90, tasks: 1200, calls: 40 },
    ...{ timeEntries: 30, timeInStatus: true, share: 1, note: null },
  })
})

test('a long silence is broken by a line every half a minute', async () => {
  const moves = Array.from({ length: 70 }, (_, i) => on(i, { tasks: i }))
  const { err } = await stack.hookline(['backfill'], [...moves, done(70)])
  expect(err.split('\n').map((line) => /(\d+) tasks?,/.exec(line)?.[1])).toEqual(['0', '30', '60', undefined])
})

test('a second one follows the one that goes on, and says so', async () => {
  await on(0, { startedAt: NOW - MINUTE })()
  const { status, err } = await stack.hookline(['backfill', '--all'], [done(1)])
  expect(status).toBe(0)
  expect(err.split('\n').slice(0, 2)).toEqual([
    'A backfill that began 1m ago goes on already: this follows it.',
    'What you asked for differs from it: run this again when it has ended.',
  ])
  expect(await stack.jobs()).toEqual([])
})

test('one that has stopped says why, and what to do', async () => {
  const note = 'what was read has not been worked off in time'
  const { status, out, err } = await stack.hookline(['backfill'], [on(0, { phase: 'stopped', endedAt: NOW, note })])
  expect({ status, out, err }).toEqual({
    ...{ status: 1, out: '' },
    err: `hookline: The backfill of main has stopped: ${note}. What was read is kept; run this again when that is mended.\n`,
  })
})

test('a half-written cursor is one sentence and no job', async () => {
  await putItem(stack, 'backfill', { version: 3, run: 'b1', phase: 'tasks', stretches: [{ since: 'then' }] })
  const { status, out, err } = await stack.hookline(['backfill'])
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toMatch(
    /^hookline: What is stored of the backfill of main cannot be read [^\n]*: remove it with [^\n]*\n$/,
  )
  expect(await stack.jobs()).toEqual([])
})

test('Ctrl-C ends the watching alone, and one that does not move is left to itself', async () => {
  const ended = await stack.hookline(['backfill'], [on(0, {})], { endsAfterMs: 3_000 })
  expect(ended.status).toBe(130)
  expect(ended.err).toMatch(/The backfill of main goes on by itself: npx hookline status\n$/)
  const still = await stack.hookline(['backfill'])
  expect(still.err).toMatch(/hookline: The backfill of main has not moved for 3 minutes; it goes on by itself/)
})

test.each([
  [['--days', '0'], '--days <number>'],
  [['--days', '9', '--all'], '--all'],
])('hookline backfill %j is misuse', async (flags, said) => {
  const { status, out, err } = await stack.hookline(['backfill', ...flags])
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toContain(said)
})
