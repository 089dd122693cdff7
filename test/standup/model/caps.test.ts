import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { notConfigured } from '../../../core/standup/model/none.ts'
import { createSpending, type Spending } from '../../../core/standup/model/spend.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { NOW, QUESTION, type Store, startWorld, type World } from './support.ts'

let store: Store
let world: World
beforeAll(async () => {
  store = await startDynamo()
})
afterAll(() => store.close())
beforeEach(async () => {
  world = await startWorld(store)
})
afterEach(() => world.close())

test('a cap that is too small for the question: nobody is asked, and it is no failure', async () => {
  const { ask, spend } = await world.model('openai-compatible', { caps: { dayUsd: 0.005, monthUsd: 10 } })
  expect(await ask(QUESTION)).toEqual({
    ...{ kind: 'nothing', why: 'capReached', tokens: { input: 0, output: 0 }, costUsd: 0 },
    // Tomorrow there is no more room for it than today.
    reason: expect.stringMatching(
      /^This question may cost 0\.0\d+ US\$, which is more than the cap of a day: raise standup\.caps, or lower /,
    ),
  })
  expect(world.server.requests()).toEqual([])
  expect(await spend.look()).toMatchObject({ todayUsd: 0, failuresInARow: 0 })
  expect(world.counted).toEqual([])
})

test('questions are let in while there is room for the most that one may cost', async () => {
  const { ask, spend } = await world.model('openai-compatible', { caps: { dayUsd: 0.02, monthUsd: 10 } })
  const kinds: string[] = []
  for (let i = 0; i < 60; i += 1) kinds.push((await ask(QUESTION)).kind)
  const asked = world.server.requests().length
  expect(asked).toBeGreaterThan(10)
  expect(kinds).toEqual([...Array(asked).fill('said'), ...Array(60 - asked).fill('nothing')])
  const { todayUsd } = await spend.look()
  expect(todayUsd).toBeLessThanOrEqual(0.02)
  expect(await ask(QUESTION)).toMatchObject({
    reason:
      'The cap of a day leaves no room for this question: a model is asked again tomorrow (UTC), or raise standup.caps.',
  })
})

test('many at once stay under the cap together, and none of them hangs', async () => {
  const { ask, spend } = await world.model('openai-compatible', { caps: { dayUsd: 0.1, monthUsd: 0.05 } })
  const said = await Promise.all(Array.from({ length: 30 }, () => ask(QUESTION)))
  expect(new Set(said.map((each) => (each.kind === 'said' ? 'said' : each.why)))).toEqual(
    new Set(['said', 'capReached']),
  )
  const { todayUsd } = await spend.look()
  expect(todayUsd).toBeLessThanOrEqual(0.05)
  expect(todayUsd).toBeCloseTo(
    said.reduce((sum, { costUsd }) => sum + costUsd, 0),
    9,
  )
})

test('a second try for which there is no room is not made, and the first one’s failure is told', async () => {
  world.server.behave('silent')
  const { ask, spend } = await world.model('openai-compatible', {
    ...{ caps: { dayUsd: 0.015, monthUsd: 10 }, settings: { timeoutMs: 100 } },
  })
  expect(await ask(QUESTION)).toMatchObject({ kind: 'nothing', why: 'timeout' })
  expect(world.server.requests().length).toBe(1)
  expect(await spend.look()).toMatchObject({ failuresInARow: 1 })
})

test('a model that costs nothing is asked whatever the caps are', async () => {
  const { ask } = await world.model('openai-compatible', {
    ...{ caps: { dayUsd: 0, monthUsd: 0 }, settings: { price: { input: 0, output: 0 } } },
  })
  expect((await ask(QUESTION)).kind).toBe('said')
})

test('an answer is not lost because what it cost cannot be written down', async () => {
  const { state: table } = await store.tables()
  const real = createSpending({ dynamo: store.dynamo, table, clock: { now: () => NOW } }, { dayUsd: 1, monthUsd: 1 })
  const out = async () => {
    throw new Error('The table is out of order.')
  }
  const spend: Spending = { ...real, settle: out, answered: out, failed: out }
  const { ask } = await world.model('openai-compatible', { services: { spend } })
  expect((await ask(QUESTION)).kind).toBe('said')
  expect(world.lines.map(({ level }) => level)).toEqual(['info', 'warn', 'warn'])
  // More stays reserved than was used, never less.
  expect((await real.look()).todayUsd).toBeGreaterThan(0.001)
})

test('without room reserved nobody is asked: a table that is away is an error', async () => {
  const spend: Spending = {
    ...(await world.model('openai-compatible')).spend,
    reserve: async () => {
      throw new Error('The table is out of order.')
    },
  }
  const { ask } = await world.model('openai-compatible', { services: { spend } })
  await expect(ask(QUESTION)).rejects.toThrow('out of order')
  expect(world.server.requests()).toEqual([])
})

test('three questions in a row that fail are told as three, and one that is answered as none', async () => {
  const { ask } = await world.model('openai-compatible')
  world.server.behave('noRight')
  for (let i = 0; i < 3; i += 1) await ask(QUESTION)
  world.server.behave('good')
  await ask(QUESTION)
  const gauge = world.counted.filter(([name]) => name === 'ModelFailuresInARow').map(([, value]) => value)
  expect(gauge).toEqual([1, 2, 3, 0])
})

test('no model asks nobody', async () => {
  expect(await notConfigured(QUESTION)).toEqual({
    ...{ kind: 'nothing', why: 'notConfigured', reason: 'No model is configured.' },
    ...{ tokens: { input: 0, output: 0 }, costUsd: 0 },
  })
})
