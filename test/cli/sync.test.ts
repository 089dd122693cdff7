import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPartStore } from '../../core/process/found/parts.ts'
import { type Followed, startFollowed } from './followed.ts'
import { NOW, TABLES } from './stack.ts'
import { MINUTE, putItem, SWEEP, saveCensus, saveRecord, saveSweep, stateOf } from './states.ts'

let stack: Followed
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startFollowed()
  await saveRecord(stack)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const repaired = { tasks: 2, changes: 3, timeEntries: 1, places: 0 }
/** The second sweep, after the one of the fixture: each state of it as it is saved. */
const next = (version: number, over: Parameters<typeof saveSweep>[1]) => () =>
  saveSweep(stack, { version, run: 'r2', startedAt: NOW, updatedAt: NOW, endedAt: null, ...over })
const done = (version: number) =>
  next(version, {
    ...{ phase: 'done', endedAt: NOW + 3_000, watermark: NOW - 10 * MINUTE, horizon: NOW - 10 * MINUTE },
    last: { startedAt: NOW, endedAt: NOW + 3_000, repaired, calls: 11 },
    calls: 11,
  })

test('a sweep is asked for, followed, and told with what it repaired and the watermark', async () => {
  await saveSweep(stack)
  const parts = createPartStore({ ...stateOf(stack), connection: 'main' })
  const happenings = [
    next(1, { phase: 'places', calls: 1, pages: 0 }),
    async () => {
      await parts.begin('sweep', 'r2')
      await parts.open('sweep', 'r2', [1], NOW)
      await parts.done({ job: 'sweep', run: 'r2', number: 1, sentAt: NOW }, repaired)
      await next(2, { phase: 'tasks', calls: 4, pages: 1, note: 'ClickUp does not answer' })()
    },
    done(3),
  ]
  const { status, out, err, lines } = await stack.hookline(['sync'], happenings, { onTerminal: true })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'The sweep took 3s and 11 calls: repaired 3 changes of 2 tasks and 1 time entry.',
    'What happened after 00:16:40 may yet be delivered: that is left to the next sweep.',
    'Watermark: 10m 3s ago (00:16:40): all recoverable before is in the table.',
    '',
  ])
  expect(lines).toEqual([
    'Sweep: waiting for it to begin ...',
    'Sweep: listing members, spaces and lists, 1 call',
    'Sweep: listing what was updated, 1 page, 4 calls, repaired 3 changes of 2 tasks and 1 time entry, ClickUp does not answer',
    null,
  ])
  expect(await stack.jobs()).toEqual([{ job: 'sweep', connection: 'main', reason: 'asked' }])
})

test('where nobody looks at a terminal each phase is a line on standard error, and --json one line on the other', async () => {
  const happenings = [next(0, { phase: 'places', pages: 0 }), next(1, { phase: 'tasks', pages: 1 }), done(2)]
  const { status, out, err } = await stack.hookline(['sync', '--json'], happenings)
  expect(status).toBe(0)
  expect(err.split('\n')).toEqual([
    'Sweep: listing members, spaces and lists, 9 calls',
    'Sweep: listing what was updated, 1 page, 9 calls',
    '',
  ])
  expect(out).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(out)).toMatchObject({
    ...{ target: 'local stack', connection: 'main', watermark: NOW - 10 * MINUTE, census: null },
    sweep: { run: 'r2', phase: 'done', repaired, calls: 11, startedAt: NOW, endedAt: NOW + 3_000 },
  })
})

test('a sweep that goes on already is followed, and none is begun beside it', async () => {
  await saveSweep(stack, { run: 'r2', endedAt: null, startedAt: NOW - 20_000, updatedAt: NOW - 1_000 })
  const { status, out, err } = await stack.hookline(['sync'], [done(1)])
  expect(status).toBe(0)
  expect(out).toContain('repaired 3 changes')
  expect(err).toContain('A sweep that began 20s ago goes on already: this follows it.\n')
  expect(await stack.jobs()).toEqual([])
})

test('--no-wait begins none beside one that goes on', async () => {
  await saveSweep(stack, { run: 'r2', endedAt: null, startedAt: NOW - 20_000, updatedAt: NOW - 1_000 })
  const { status, err } = await stack.hookline(['sync', '--no-wait'])
  expect({ status, err }).toEqual({
    ...{ status: 0, err: 'A sweep that began 20s ago goes on already: no other is begun.\n' },
  })
  expect(await stack.jobs()).toEqual([])
})

test('a sweep that has lost its message is sent on', async () => {
  await saveSweep(stack, { run: 'r2', endedAt: null, updatedAt: NOW - 21 * MINUTE })
  const { status, err } = await stack.hookline(['sync'], [done(1)])
  expect({ status, err: err.split('\n')[0] }).toEqual({
    status: 0,
    err: 'A sweep that began 13m ago had got stuck and was sent on; it goes on already: this follows it.',
  })
  expect(await stack.jobs()).toEqual([{ job: 'sweep', connection: 'main', reason: 'asked' }])
})

test('what is left to the next sweep is told, and that nothing is promised yet', async () => {
  const note = '1 task shows what was not delivered yet: the next sweep decides'
  const over = { phase: 'done', endedAt: NOW + 1_000, watermark: 0, horizon: 0, note } as const
  const { out } = await stack.hookline(['sync'], [next(0, over)])
  expect(out.split('\n')).toEqual([
    'The sweep took 1s and 9 calls: there was nothing to repair.',
    `${note}.`,
    'Watermark: none yet: nothing is promised before the first sweep has ended.',
    '',
  ])
})

test('--census counts every list after the sweep, also when a part of them is being counted', async () => {
  await saveCensus(stack, { run: 'c1', endedAt: null, phase: 'lists', updatedAt: NOW })
  const census = { endedAt: NOW, updatedAt: NOW, phase: 'done', deleted: 2 } as const
  const happenings = [
    next(0, { phase: 'tasks' }),
    done(1),
    () => saveCensus(stack, { ...census, version: 1, run: 'c1' }),
    () => saveCensus(stack, { ...census, version: 2, run: 'c2', countedLists: 12 }),
  ]
  const { status, out, err } = await stack.hookline(['sync', '--census'], happenings)
  expect(status).toBe(0)
  expect(out).toContain('The census counted 12 lists with 120 tasks, 9 calls: 2 tasks deleted.\n')
  expect(err).toContain('goes on already: this follows it.\n')
  expect(err).toContain('That census has ended; now every list is counted.\n')
  expect(await stack.jobs()).toMatchObject([{ job: 'sweep' }, { job: 'census', everything: true, reason: 'asked' }])
})

test('a census that was halted, and a sweep that has stopped, are failures with their reason', async () => {
  const halted = { run: 'c1', phase: 'halted', note: '60 tasks are gone at once', endedAt: NOW } as const
  const counted = await stack.hookline(['sync', '--census', '--json'], [done(0), () => saveCensus(stack, halted)])
  expect(counted).toMatchObject({ status: 1 })
  expect(counted.err).toMatch(/^hookline: The census of main was halted: 60 tasks are gone at once \(.*\)\.\n$/)
  expect(JSON.parse(counted.out)).toMatchObject({ census: { phase: 'halted' }, sweep: { phase: 'done' } })
  const note = 'the token does not see the workspace any more: run hookline connect'
  const over = { run: 'r3', phase: 'stopped', endedAt: NOW, note } as const
  const stopped = await stack.hookline(['sync', '--census'], [next(1, over)])
  expect(stopped).toMatchObject({ status: 1, out: '' })
  expect(stopped.err).toBe(`hookline: The sweep of main was stopped: ${note} (npx hookline status).\n`)
})

test('--no-wait asks and does not wait', async () => {
  const text = await stack.hookline(['sync', '--no-wait'])
  expect(text).toMatchObject({ status: 0, out: 'The sweep of main is on the way: npx hookline status\n', clock: NOW })
  const both = await stack.hookline(['sync', '--no-wait', '--census', '--json'])
  expect(JSON.parse(both.out)).toEqual({
    ...{ target: 'local stack', connection: 'main', asked: { sweep: 'asked', census: 'asked' } },
  })
  expect((await stack.jobs()).map((job) => job?.job)).toEqual(['sweep', 'sweep', 'census'])
})

test('a sweep that nobody begins, and one that does not move, end the waiting after three minutes', async () => {
  await saveSweep(stack)
  const absent = await stack.hookline(['sync'])
  expect(absent).toMatchObject({ status: 1, out: '', clock: NOW + 181_000 })
  expect(absent.err).toBe(
    'hookline: The sweep of main has not begun in 3 minutes: see what the function says in /aws/lambda/hookline-dev-sync, and npx hookline status.\n',
  )
  const waiting = await stack.hookline(['sync'], [next(1, { phase: 'tasks', note: 'ClickUp refuses the token' })])
  expect(waiting.err).toMatch(
    /\nhookline: The sweep of main has not moved for 3 minutes \(ClickUp refuses the token\); it goes on by itself [^\n]*\n$/,
  )
})

test('Ctrl-C ends the watching alone', async () => {
  const { status, out, err } = await stack.hookline(['sync'], [], { endsAfterMs: 2_000 })
  expect({ status, out, err }).toEqual({
    ...{ status: 130, out: '', err: 'What was begun goes on by itself: npx hookline status\n' },
  })
  expect(await stack.jobs()).toHaveLength(1)
})

test('a connection that was not made, and a state that is half written, are one sentence and no job', async () => {
  await putItem(stack, 'sweep', { ...SWEEP, run: 7 })
  const broken = await stack.hookline(['sync'])
  expect(broken).toMatchObject({ status: 1, out: '' })
  expect(broken.err).toBe(
    `hookline: What is stored of the sweep of main cannot be read (half written, or of another version): remove it with aws dynamodb delete-item --table-name ${TABLES.state} --key '{"pk":{"S":"main#sweep"}}', then run this again.\n`,
  )
  await putItem(stack, 'connection', { userId: 7 })
  const absent = await stack.hookline(['sync'])
  expect(absent.err).toBe('hookline: main is not connected (local stack): run npx hookline connect first.\n')
  const other = await stack.hookline(['sync', '--connection', 'other'])
  expect(other.err).toMatch(/^hookline: There is no connection other in local stack: there is main\./)
  expect(await stack.jobs()).toEqual([])
})
