import { describe, expect, it, test } from 'vitest'
import type { DayTruth } from '../../local/standup/day.ts'
import { judgeAsked } from '../../local/standup/judge-asked.ts'
import { judgeEvent } from '../../local/standup/judge-event.ts'
import { judgeFrame } from '../../local/standup/judge-frame.ts'
import { judgePrecision, judgeRecall, linesOf } from '../../local/standup/judge-text.ts'
import { HELP, parseOptions } from '../../local/standup/options.ts'
import type { Planted } from '../../local/standup/plant.ts'
import type { TaskTruth, TruthKind } from '../../local/standup/task-truth.ts'
import { workingBetween } from '../../local/standup/working-time.ts'

const HOUR = 3_600_000
/** A Thursday, 14:05 in Berlin. */
const AT = Date.parse('2026-11-19T13:05:40Z')

const task = (id: string, name: string, kinds: TruthKind[], rest: Partial<TaskTruth> = {}): TaskTruth => ({
  ...{ id, name, list: 'Payments', kinds: new Set(kinds) },
  ...{
    words: new Set(['in progress', 'done']),
    people: new Set(['Ada Byron', 'Grace Hopper']),
    spans: [3 * HOUR],
    moments: [AT],
  },
  doers: new Map(kinds.map((kind) => [kind, 'Ada Byron'])),
  ...rest,
})

const TASKS = [
  task('1', 'Fix 2 of 7 currency tables', ['done']),
  task('2', 'Sign the contract "today"', ['blocked'], { words: new Set(['blocked']) }),
  task('3', 'Say {t1} is done by 4711 people', ['priority'], { words: new Set(['high', 'low']) }),
  task('4', 'Quiet task', []),
  task('5', 'Clean up', ['time'], { people: new Set(['Grace Hopper']) }),
  task('6', 'Clean up', ['done']),
]
const DAY: DayTruth = {
  ...{ from: AT - 8 * HOUR, until: AT + HOUR, toldUntil: AT + HOUR, timeZone: 'Europe/Berlin', lists: ['Payments'] },
  tasks: new Map(TASKS.map((each) => [each.id, each])),
  people: new Map([
    ['Ada Byron', 0],
    ['Grace Hopper', 1.5 * HOUR],
  ]),
}

const TEXT = `Payments: what happened from Thu 19 Nov 2026 06:05 to Thu 19 Nov 2026 15:05 (Europe/Berlin)

Blockers
• “Sign the contract "today"” is blocked: it has been in status "blocked" for 3 h of working time.

Done
• Ada Byron finished “Fix 2 of 7 currency tables” and “Clean up”.

Priorities
• Ada Byron lowered the priority of “Say {t1} is done by 4711 people” from high to low at Thu 19 Nov 14:05.

People
• Grace Hopper logged 1 h 30 min on “Clean up”.

Told by template, because no model is configured.

Hookline · platform · 2026-11-19 · v1 · #3f9c2a71b0`

const judged = (text: string) => judgePrecision(linesOf(text), DAY).extra

describe('what a text says', () => {
  it('is right where all of it was', () => {
    expect(linesOf(TEXT)).toHaveLength(4)
    expect(judged(TEXT)).toEqual([])
    expect(judgePrecision(linesOf(TEXT), DAY).compared).toBeGreaterThan(10)
  })

  it.each([
    ['a task that nothing happened to', 'currency tables” and “Clean up”', 'currency tables” and “Quiet task”'],
    ['a task that does not exist', 'and “Clean up”.', 'and “Launch the rockets”.'],
    [
      'a task in a place where it does not belong',
      '“Fix 2 of 7 currency tables” and',
      '“Sign the contract "today"” and',
    ],
    ['somebody who has nothing to do with it', 'Ada Byron finished', 'Grace Hopper finished'],
    ['all at once', '“Fix 2 of 7 currency tables” and “Clean up”.', 'it.\n• Everything else is done.'],
    ['somebody who does not exist', 'Ada Byron finished', 'With Zoe finished'],
    ['a status that it never had', 'status "blocked"', 'status "on hold"'],
    ['a priority that it never had', 'from high to low', 'from urgent to low'],
    ['another number', '“Clean up”.\n\nTold', '“Clean up” and 17 more.\n\nTold'],
    ['another number in words', 'Ada Byron finished', 'Ada Byron has twelve times finished'],
    ['another span of time', 'for 3 h of', 'for 4 h of'],
    ['another span in days', 'for 3 h of working time', 'for 2.5 working days'],
    ['more time than was written down', '1 h 30 min', '2 h 30 min'],
    ['another time of the day', '14:05.', '14:06.'],
  ])('is wrong with %s', (_what, was, is) => {
    expect(TEXT).toContain(was)
    expect(judged(TEXT.replace(was, is)).length).toBeGreaterThan(0)
  })

  it('is right in Markdown, too', () => {
    const statement = { section: 'done', by: 'model' as const, taskIds: ['1'], changeIds: ['c1'] }
    const text = 'Ada Byron finished “Fix 2 of 7 currency tables” and “Clean up”\\.'
    const event = (over: Partial<typeof statement>) =>
      judgeEvent({ statements: [{ ...statement, text, ...over }] }, DAY, new Set(['c1'])).extra
    expect(event({})).toEqual([])
    expect(event({ taskIds: [], changeIds: [] })).toHaveLength(1)
    expect(event({ taskIds: ['99'] })).toHaveLength(1)
    expect(event({ changeIds: ['c2'] })).toHaveLength(1)
    expect(event({ section: 'blockers' })).not.toEqual([])
    expect(event({ section: 'gossip' })).toHaveLength(1)
  })
})

describe('what a text leaves out', () => {
  const planted: Planted[] = [
    { kind: 'done', taskId: '1', must: true },
    { kind: 'blocked', taskId: '2', must: true },
    { kind: 'time', taskId: '5', must: false, person: 'Grace Hopper' },
  ]
  const missing = (text: string, whole = true) => judgeRecall(linesOf(text), DAY, { planted, whole }).missing

  it('is nothing where all is told', () => expect(missing(TEXT)).toEqual([]))

  it.each([
    ['a closure', 'Ada Byron finished “Fix 2 of 7 currency tables” and “Clean up”.'],
    ['a blocker', '“Sign the contract "today"” is blocked: it has been in status "blocked" for 3 h of working time.'],
    ['who it was', 'Grace Hopper'],
  ])('is %s', (_what, words) => {
    expect(missing(TEXT.replace(words, ''))).toHaveLength(1)
  })

  it('is told in its place or not at all', () => {
    expect(missing(TEXT.replace('Blockers', 'New'))).toHaveLength(1)
  })

  it('may be left to a model where it is no must', () => {
    expect(missing(TEXT.replace('Grace Hopper', ''), false)).toEqual([])
  })
})

test('the first line and the last say what it is about, since when, and who has said it', () => {
  const template = { kind: 'template' as const, provider: null, model: null, prompt: null, why: 'notConfigured' }
  const missing = (text: string, over: object = {}) =>
    judgeFrame(text, DAY, { by: template, removed: {}, added: 0, ...over }).missing.length
  expect(missing(TEXT)).toBe(0)
  expect(missing(TEXT.replace('Payments:', 'Something:'))).toBe(1)
  expect(missing(TEXT.replace('06:05', '07:05'))).toBe(1)
  expect(missing(TEXT, { by: { ...template, kind: 'model', model: 'small-model' } })).toBe(1)
  expect(missing(TEXT, { added: 3 })).toBe(1)
  expect(missing(TEXT.replace('configured.', 'configured. 3 facts were added.'), { added: 3 })).toBe(0)
})

test('what is asked of ClickUp is counted, and nothing else may be asked', () => {
  const write = { method: 'POST', path: '/v2/task/1/comment', status: 200 }
  const allowed = [{ method: 'POST', path: /^\/v2\/task\/1\/comment$/, least: 1, most: 1, what: 'the comment' }]
  const judge = (asked: (typeof write)[]) => {
    const { missing, extra } = judgeAsked(asked, allowed)
    return [missing.length, extra.length]
  }
  expect(judge([write])).toEqual([0, 0])
  expect(judge([])).toEqual([1, 0])
  expect(judge([write, write])).toEqual([0, 1])
  expect(judge([write, { ...write, method: 'GET' }])).toEqual([0, 1])
  expect(judge([write, { ...write, path: '/v2/task/2/comment' }])).toEqual([0, 1])
})

test('working time is counted by the hours of the week', () => {
  const at = (text: string) => Date.parse(text)
  // From Friday 16:00 to Monday 10:00 in Berlin.
  expect(workingBetween(at('2026-11-20T15:00Z'), at('2026-11-23T09:00Z'))).toBe(2 * HOUR)
  expect(workingBetween(at('2026-11-21T08:00Z'), at('2026-11-22T20:00Z'))).toBe(0)
  // The clocks go forward in the night before.
  expect(workingBetween(at('2026-03-27T16:00Z'), at('2026-03-30T08:00Z'))).toBe(HOUR)
})

test.each([
  [['--seed', 'one'], '--seed takes a whole number from 0 to 4294967295, not one'],
  [['--break', 'wind'], '--break knows cite and idempotency, not wind'],
  [['--sed', '1'], "Unknown option '--sed'"],
])('%j is told in one sentence', (args, message) => {
  expect(parseOptions(args)).toEqual({ kind: 'wrong', message: `${message}. See npm run check:standup -- --help` })
})

test('--help names every option', () => {
  expect(parseOptions(['--help'])).toEqual({ kind: 'help' })
  for (const option of ['--seed', '--json', '--break', 'cite', 'idempotency']) expect(HELP).toContain(option)
})
