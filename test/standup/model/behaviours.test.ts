import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NoModel } from '../../../core/standup/statement.ts'
import { BEHAVIOURS, type Behaviour } from '../../../local/model/behaviours.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { AWS, KEY, PROVIDERS, QUESTION, type Store, startWorld, type World } from './support.ts'

let store: Store
let world: World
beforeAll(async () => {
  store = await startDynamo()
})
afterAll(() => store.close())
beforeEach(async () => {
  world = await startWorld(store, { slowMs: 50 })
})
afterEach(() => world.close())

/** What comes of it: `said`, or why not; and how often it is asked and what is waited before the second time, ms. */
type Expected = { outcome: 'said' | NoModel; asked: number; waited?: number; reason?: RegExp }

const SAID: Expected = { outcome: 'said', asked: 1 }
const MALFORMED: Expected = { outcome: 'malformed', asked: 2, waited: 0 }

/** The statements are of a wrong content, which is nothing that this door looks at. */
const EXPECTED: Readonly<Record<Behaviour, Expected>> = {
  good: SAID,
  slow: SAID,
  silent: { outcome: 'timeout', asked: 2, waited: 0, reason: /did not answer within 0\.25 s/ },
  rateLimited: { outcome: 'rateLimited', asked: 2, waited: 2_000, reason: /too often/ },
  rateLimitedBriefly: { outcome: 'rateLimited', asked: 2, waited: 1_000 },
  serverError: { outcome: 'unavailable', asked: 2, waited: 2_000, reason: /cannot answer at the moment \(500/ },
  overloaded: { outcome: 'unavailable', asked: 2, waited: 2_000, reason: /529/ },
  noRight: { outcome: 'denied', asked: 1, reason: /refuses .* \(403 AccessDeniedException\)/ },
  noModel: { outcome: 'denied', asked: 1, reason: /\(404 model_not_found\): there is no such model/ },
  profileOnly: { outcome: 'denied', asked: 1, reason: /400 ValidationException/ },
  elsewhere: { outcome: 'denied', asked: 1, reason: /\(307\): the address leads elsewhere/ },
  disconnected: { outcome: 'unavailable', asked: 2, waited: 2_000, reason: /cannot be reached/ },
  cutOff: { outcome: 'unavailable', asked: 2, waited: 2_000 },
  notJson: MALFORMED,
  huge: { ...MALFORMED, reason: /too large/ },
  endless: { ...MALFORMED, reason: /too large/ },
  empty: { ...MALFORMED, reason: /it was empty/ },
  prose: { ...MALFORMED, reason: /it was no JSON/ },
  fenced: SAID,
  brokenJson: { ...MALFORMED, reason: /it was no JSON/ },
  wrongShape: { ...MALFORMED, reason: /had not the form/ },
  unfinished: { ...MALFORMED, reason: /was not finished/ },
  refuses: { ...MALFORMED, reason: /was a refusal/ },
  noUsage: SAID,
  absurdUsage: SAID,
  madeUpFacts: SAID,
  madeUpRefs: SAID,
  madeUpNumbers: SAID,
  uncited: SAID,
  forgetful: SAID,
  links: SAID,
  obeys: SAID,
}

/** Bedrock always tells what was used, so an answer that does not is none of Bedrock's. */
const expected = (provider: string, behaviour: Behaviour) =>
  provider === 'bedrock' && behaviour === 'noUsage' ? MALFORMED : EXPECTED[behaviour]

describe.each(PROVIDERS)('%s that is', (provider) => {
  test.each(BEHAVIOURS)('%s', async (behaviour) => {
    world.server.behave(behaviour)
    const { ask, spend } = await world.model(provider, {
      settings: { timeoutMs: behaviour === 'silent' ? 250 : 3_000 },
    })
    const said = await ask(QUESTION)
    const { outcome, asked, waited, reason } = expected(provider, behaviour)
    expect(said.kind === 'said' ? 'said' : said.why).toBe(outcome)
    expect(world.server.requests()).toHaveLength(asked)
    expect(world.slept).toEqual(waited === undefined ? [] : [waited])
    if (reason !== undefined) expect(said).toMatchObject({ reason: expect.stringMatching(reason) })
    const { todayUsd, failuresInARow } = await spend.look()
    // Nothing stays reserved, and what was used is what is told.
    expect(todayUsd).toBeCloseTo(said.costUsd, 9)
    expect(failuresInARow).toBe(outcome === 'said' ? 0 : 1)
    expect(world.counted.at(-1)).toEqual(['ModelFailuresInARow', failuresInARow])
    // One line for each try, with nothing of what was asked or answered, nor of the key.
    expect(world.lines).toHaveLength(asked)
    const logged = JSON.stringify([world.lines, said.kind === 'nothing' ? said.reason : ''])
    for (const text of [
      KEY,
      AWS.secretAccessKey,
      'Login fails',
      'HACKED',
      'statements',
      'Say what',
      'Welcome',
      'Certainly',
    ])
      expect(logged).not.toContain(text)
  })

  test('well again at the second try, has both tries paid for', async () => {
    world.server.behave(['brokenJson', 'good'])
    const { ask } = await world.model(provider)
    const said = await ask(QUESTION)
    const told = world.server.requests().map(({ tokens }) => tokens ?? { input: 0, output: 0 })
    expect(said).toMatchObject({
      kind: 'said',
      tokens: {
        input: told.reduce((sum, { input }) => sum + input, 0),
        output: told.reduce((sum, { output }) => sum + output, 0),
      },
    })
    expect(world.counted.filter(([name]) => name === 'ModelTokens')).toHaveLength(2)
  })

  test('not to be reached at all, costs nothing', async () => {
    await world.server.close()
    const { ask, spend } = await world.model(provider)
    expect(await ask(QUESTION)).toMatchObject({
      ...{ kind: 'nothing', why: 'unavailable', reason: `${provider} cannot be reached (ECONNREFUSED).`, costUsd: 0 },
    })
    expect(await spend.look()).toMatchObject({ todayUsd: 0, failuresInARow: 1 })
  })

  test('silent may have made its answer, which is taken for used', async () => {
    world.server.behave('silent')
    const { ask } = await world.model(provider, { settings: { timeoutMs: 100 } })
    const said = await ask(QUESTION)
    expect(said.tokens.output).toBe(2 * 1_500)
    expect(said.costUsd).toBeGreaterThan(0.015)
  })
})

test.each([
  ['noUsage', 100, 60],
  ['absurdUsage', 1_500, 1_500],
] as const)('what cannot be true of usage is not believed: %s', async (behaviour, input, output) => {
  world.server.behave(behaviour)
  const { ask } = await world.model('openai-compatible')
  const { tokens } = await ask(QUESTION)
  expect(tokens.input).toBeGreaterThan(input)
  expect(tokens.input).toBeLessThan(3_000)
  expect(tokens.output).toBeGreaterThanOrEqual(output)
  expect(tokens.output).toBeLessThanOrEqual(1_500)
})

test.each(['rateLimited', 'serverError', 'noRight'] as const)('who is %s bills nothing', async (behaviour) => {
  world.server.behave(behaviour)
  const { ask } = await world.model('openai-compatible')
  expect(await ask(QUESTION)).toMatchObject({ tokens: { input: 0, output: 0 }, costUsd: 0 })
})

test('a wrong key is denied with what to do, and without the key', async () => {
  const guarded = await startWorld(store, { key: 'another' })
  for (const provider of ['openai-compatible', 'anthropic'] as const) {
    const { ask } = await guarded.model(provider)
    const said = await ask(QUESTION)
    expect(said).toMatchObject({
      kind: 'nothing',
      why: 'denied',
      reason: expect.stringContaining('npx hookline rotate model-key'),
    })
    expect(JSON.stringify([said, guarded.lines])).not.toContain(KEY)
  }
  await guarded.close()
})

test('a key that cannot be read, and credentials that are not there, ask nobody', async () => {
  const fails = async () => {
    throw new Error(`The secret says ${KEY}`)
  }
  for (const [provider, reason] of [
    ['anthropic', 'The secret with the key of the model cannot be read: npx hookline doctor'],
    ['openai-compatible', 'The secret with the key of the model cannot be read: npx hookline doctor'],
    ['bedrock', 'There are no AWS credentials to ask Bedrock with.'],
  ] as const) {
    const { ask } = await world.model(provider, { services: { key: fails, awsCredentials: fails } })
    expect(await ask(QUESTION)).toMatchObject({ kind: 'nothing', why: 'noKey', reason })
  }
  expect(world.server.requests()).toEqual([])
  expect(JSON.stringify(world.lines)).not.toContain(KEY)
})

test('Bedrock says what kind of id it wants', async () => {
  world.server.behave('profileOnly')
  const { ask } = await world.model('bedrock', { settings: { id: 'meta.some-model-v1:0' } })
  expect(await ask(QUESTION)).toMatchObject({ reason: expect.stringContaining('as in us.meta.some-model-v1:0') })
})
