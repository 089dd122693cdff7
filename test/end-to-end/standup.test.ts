import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakIdempotency } from '../../local/standup/breaks.ts'
import { type Judged, judgeRun } from '../../local/standup/judge-run.ts'
import { type Played, playRounds } from '../../local/standup/play-rounds.ts'
import { ROUNDS } from '../../local/standup/rounds.ts'
import { type Stage, startStage } from '../../local/standup/stage.ts'
import { atRest, commentsOf, eventOf, sendAgain } from '../../local/standup/tell.ts'

/** The check with few rounds, in this process: `npm run check:standup` has all. */
const NAMES = ['good', 'broken-json', 'made-up-numbers', 'by-template']
const rounds = ROUNDS.filter(({ name }) => NAMES.includes(name))

let stage: Stage
let played: readonly Played[]
let day: Awaited<ReturnType<Stage['day']>>
let judged: Judged
beforeAll(async () => {
  stage = await startStage({ seed: 4, summaries: NAMES, mostInAList: 3, onStep: () => undefined })
  day = await stage.day(4, 20)
  played = await playRounds(stage, rounds, { onRound: () => undefined, beforeCopy: () => undefined })
  judged = judgeRun(stage, played, day)
}, 120_000)
afterAll(() => stage?.close())

test('a day is told as it was, by template and by whatever model', () => {
  expect(played.map(({ name }) => name)).toEqual(NAMES)
  expect({ missing: judged.missing, extra: judged.extra }).toEqual({ missing: [], extra: [] })
  expect(judged.compared).toBeGreaterThan(200)
  expect(judged.removed).toBeGreaterThan(0)
})

test('once, also when its job comes twice', () => {
  for (const name of NAMES)
    expect([name, commentsOf(stage, name).length, eventOf(stage, name).length]).toEqual([name, 1, 1])
})

test('by nobody else than is configured', () => {
  expect(played.map(({ name, asked }) => [name, asked])).toEqual([
    ['good', 1],
    ['broken-json', 2],
    ['made-up-numbers', 1],
    ['by-template', 0],
  ])
  const by = NAMES.map((name) => eventOf(stage, name)[0]?.by.why)
  expect(by).toEqual([null, 'malformed', null, 'notConfigured'])
})

test('with no call to ClickUp but the write', () => {
  const { notesId } = stage.prepared
  const asked = stage.recorder.asked().filter(({ path }) => path.includes(notesId))
  expect(asked).toEqual(NAMES.map(() => ({ method: 'POST', path: `/v2/task/${notesId}/comment`, status: 200 })))
  // Beside the summaries a recipe has filled a field, for which it had to look up the field's id.
  const others = stage.recorder.asked().filter(({ path }) => !path.includes(notesId))
  const kinds = new Set(
    others.map(({ method, path }) => `${method} ${path.replace(/\/[a-z0-9-]*\d[a-z0-9-]*/g, '/ID')}`),
  )
  expect([...kinds].sort()).toEqual(['GET /ID/list/ID/field', 'POST /ID/task/ID/field/ID'])
})

test('and it is noticed where what was told is forgotten', async () => {
  const [name = ''] = NAMES
  breakIdempotency(stage.system.gateway, stage.standup).forget()
  await sendAgain(stage, name, new Date().toISOString())
  await atRest(stage)
  const { extra } = judgeRun(stage, played, day)
  expect(extra).toEqual([`${name}: 2 comments`, expect.stringContaining('the comments: asked 5 times instead of 4')])
})
