import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { beginPause } from '../../core/pause/change.ts'
import { answering, piped } from './rotated.ts'
import { NOW } from './stack.ts'
import { HOUR, stateOf } from './states.ts'
import { startTold, type ToldStack } from './told.ts'

let stack: ToldStack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startTold()
  // Due at nine: for the last time on Wednesday, the ninth.
  stack.configure({ summaries: [{ name: 'platform', to: { comment: { task: stack.taskId }, event: true } }] })
})
afterEach(() => stack.close())

const deliver = (...args: string[]) => stack.hookline(['platform', '--yes', ...args])
const written = () =>
  stack.clickup.log.entries().flatMap((entry) => (entry.kind === 'call' ? [`${entry.method} ${entry.path}`] : []))

test('delivers the one that was due last, and a second time says that it was told', async () => {
  const first = await deliver()
  expect(first).toMatchObject({ status: 0, err: '' })
  expect(first.out).toMatch(/^Told platform of 2026-09-09: comment done \(\d+\), event done\.\n$/)
  const [comment, ...others] = stack.comments()
  expect(others).toEqual([])
  for (const named of ['Fix the login', 'Move the database', 'Renew certificates', '2026-09-09'])
    expect(comment).toContain(named)
  const second = await deliver()
  expect(second).toMatchObject({ status: 0, err: '' })
  expect(second.out).toMatch(/^platform of 2026-09-09 was told already, .*: comment done \(\d+\), event done\.\n$/)
  expect(stack.comments()).toHaveLength(1)
  // Nothing else was asked of ClickUp.
  expect(written()).toEqual([`POST /v2/task/${stack.taskId}/comment`])
})

test('asks before it delivers, and does nothing for a no', async () => {
  const input = answering(['n'])
  const { status, out, err } = await stack.hookline(['platform'], { input })
  expect(input.asked).toEqual([
    `Tell platform of 2026-09-09 (local stack): a comment on task ${stack.taskId}, Summary Created on the bus? [y/N] `,
  ])
  expect({ status, out, err }).toEqual({ status: 0, out: '', err: 'Nothing was told.\n' })
  expect(await stack.hookline(['platform'], { input: piped('') })).toMatchObject({
    status: 1,
    err: 'hookline: Nobody is here to confirm it: say --yes.\n',
  })
  expect(stack.comments()).toEqual([])
})

test('--dry-run shows it, says where it would go, and writes nothing', async () => {
  const before = await stack.hookline(['platform', '--dry-run'])
  expect(before).toMatchObject({ status: 0, err: '' })
  expect(before.out).toContain('Fix the login')
  expect(before.out).toContain(
    `Nothing was written. platform of 2026-09-09 goes to: a comment on task ${stack.taskId}, Summary Created on the bus.`,
  )
  expect(before.out).not.toContain('told already')
  expect([stack.comments(), written()]).toEqual([[], []])
  await deliver()
  expect((await stack.hookline(['platform', '--dry-run'])).out).toContain('platform of 2026-09-09 was told already')
})

test('tells another day, and none on which it is not due or that is still to come', async () => {
  const dry = (day: string) => stack.hookline(['platform', '--dry-run', '--day', day])
  const { out } = await dry('2026-09-08')
  expect(out).toContain('platform of 2026-09-08 goes to')
  expect(out).not.toContain('Fix the login')
  expect((await dry('2026-09-12')).err).toContain('platform is not told on 2026-09-12: its days are mon, tue, wed')
  // Today's is due at nine: what there is until now is nothing.
  expect((await dry('2026-09-10')).out).toContain('platform of 2026-09-10 goes to')
  expect((await dry('2026-09-11')).err).toContain('about a time that has not begun')
  expect((await deliver('--day', '2026-09-10')).err).toMatch(/is due at .*: --dry-run shows what it would be now/)
  expect((await deliver('--day', '2026-09-08')).err).toMatch(/due more than a day ago and is not told any more/)
  expect(stack.comments()).toEqual([])
})

test('says why it did not go everywhere, and ends with 1', async () => {
  stack.configure({ summaries: [{ name: 'platform', to: { comment: { task: 'nowhere' }, event: true } }] })
  const { status, out, err } = await deliver()
  expect(status).toBe(1)
  expect(out).toMatch(/comment failed: .*, event done/)
  expect(err).toContain('platform of 2026-09-09 did not go everywhere')
})

test('says when to try again where ClickUp does not answer, and goes on where it stood', async () => {
  stack.clickup.faults.outage = { from: null, until: null, answer: 503 }
  const { status, err } = await deliver()
  expect(status).toBe(1)
  expect(err).toMatch(/is not told yet \(.*\): run it again in .*, and it goes on where it stands/)
  stack.clickup.faults.outage = null
  const later = await stack.hookline(['platform', '--yes'], { now: NOW + HOUR })
  expect(later).toMatchObject({ status: 0 })
  expect(stack.comments()).toHaveLength(1)
})

test('waits while Hookline is paused', async () => {
  await beginPause(stateOf(stack), { by: 'kim', reason: null, now: NOW - HOUR })
  expect((await deliver()).err).toMatch(/^hookline: Hookline was paused .*: run npx hookline resume first/)
  expect(await stack.hookline(['platform', '--dry-run'])).toMatchObject({ status: 0 })
  expect(stack.comments()).toEqual([])
})

test('--json has what came of it', async () => {
  const answer = z.object({
    ...{ target: z.string(), name: z.string(), day: z.string(), outcome: z.string() },
    outputs: z.record(z.string(), z.looseObject({ stage: z.string() })),
    summary: z.looseObject({ by: z.object({ kind: z.string(), why: z.string() }) }).nullable(),
  })
  const told = async (...args: string[]) => answer.parse(JSON.parse((await deliver('--json', ...args)).out))
  const outputs = { comment: { stage: 'done' }, event: { stage: 'done' } }
  const which = { target: 'local stack', name: 'platform', day: '2026-09-09' }
  const by = { kind: 'template', why: 'notConfigured' }
  expect(await told()).toMatchObject({ ...which, outcome: 'told', outputs, summary: { by } })
  expect(await told()).toMatchObject({ ...which, outcome: 'already', outputs, summary: null })
})
