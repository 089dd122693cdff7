import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { storeToken } from '../../core/guard/connect.ts'
import { CURRENT } from '../../core/secrets/versions.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { BROUGHT, makeTokenRotating, type TokenRotating } from './token-support.ts'

let parts: Parts
let rotating: TokenRotating
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())
beforeEach(async () => {
  rotating = await makeTokenRotating(parts)
})

const calls = () => parts.clickup.log.entries().filter(({ kind }) => kind === 'call').length

describe('a token that was brought', () => {
  test.each([
    ['a personal one', () => parts.clickup.issueToken(Number(rotating.stage.userId))],
    ['one of OAuth', () => parts.clickup.issueOAuthToken(Number(rotating.stage.userId))],
  ])('is tested and promoted: %s', async (_, issue) => {
    const { stage, first } = rotating
    const webhooks = stage.ours().map(({ id }) => id)
    const token = issue()
    await rotating.bring(token)
    const run = await rotating.start()
    await rotating.takeAll(run)
    expect(await rotating.labels()).toEqual({ current: run, pending: run, candidate: undefined })
    expect(await rotating.holding(CURRENT)).toEqual({ v: 1, token, since: stage.clock.time, version: run })
    expect(await rotating.holding('AWSPREVIOUS')).toMatchObject({ token: first })
    const report = await rotating.report()
    expect(report).toMatchObject({ run, phase: 'done', detail: 'The new token is in use.', doneAt: stage.clock.time })
    expect(JSON.stringify([report, stage.lines])).not.toContain(token)
    // The same user's: its webhook goes on as it is.
    expect(stage.ours().map(({ id }) => id)).toEqual(webhooks)
    expect(await rotating.record()).toMatchObject({ userId: stage.userId })
  })

  test('is promoted where the one in use is dead already', async () => {
    parts.clickup.revokeToken(rotating.first)
    const token = parts.clickup.issueToken(Number(rotating.stage.userId))
    await rotating.bring(token)
    await rotating.takeAll(await rotating.start())
    expect(await rotating.holding(CURRENT)).toMatchObject({ token })
  })

  test('is promoted where there are no webhooks by choice', async () => {
    rotating = await makeTokenRotating(parts, { mode: 'poll' })
    const token = parts.clickup.issueToken(Number(rotating.stage.userId))
    await rotating.bring(token)
    await rotating.takeAll(await rotating.start())
    expect(await rotating.holding(CURRENT)).toMatchObject({ token })
  })

  test('needs nothing but a user before anything is connected', async () => {
    rotating = await makeTokenRotating(parts, { mode: 'unmade', held: { v: 1, token: null } })
    const token = parts.clickup.issueToken(Number(rotating.stage.userId))
    await rotating.bring(token)
    const before = calls()
    await rotating.takeAll(await rotating.start())
    expect(await rotating.holding(CURRENT)).toMatchObject({ token })
    expect(calls() - before).toBe(1)
  })

  test('waits for the next rotation when one is under way', async () => {
    const { userId } = rotating.stage
    const [one, two] = [parts.clickup.issueToken(Number(userId)), parts.clickup.issueToken(Number(userId))]
    await rotating.bring(one)
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    const waiting = await rotating.bring(two)
    await rotating.takeAll(run)
    expect(await rotating.holding(CURRENT)).toMatchObject({ token: one })
    expect(await rotating.labels()).toMatchObject({ candidate: waiting })
    await rotating.takeAll(await rotating.start())
    expect(await rotating.holding(CURRENT)).toMatchObject({ token: two })
  })

  test('that is in use already counts as none: its age goes on', async () => {
    await rotating.bring(rotating.first)
    await rotating.takeAll(await rotating.start())
    expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first, since: BROUGHT })
    expect(await rotating.labels()).toMatchObject({ pending: undefined, candidate: undefined })
  })
})

describe('without one', () => {
  test('the token in use is tested and kept, in its own version and with its age', async () => {
    const { current } = await rotating.labels()
    const run = await rotating.start()
    const before = calls()
    await rotating.takeAll(run)
    expect(calls() - before).toBe(3)
    expect(await rotating.labels()).toEqual({ current, pending: undefined, candidate: undefined })
    expect(await rotating.holding(CURRENT)).toMatchObject({ token: rotating.first, since: BROUGHT })
    expect(await rotating.report()).toMatchObject({ run, phase: 'done', detail: 'The token was tested and kept.' })
    await rotating.takeAll(await rotating.start())
  })

  test('a token that somebody stores meanwhile stays in force', async () => {
    const { stage } = rotating
    const run = await rotating.start()
    await rotating.take('createSecret', run)
    await rotating.take('testSecret', run)
    const newer = parts.clickup.issueToken(Number(stage.userId))
    await storeToken(parts.clients.secrets, rotating.name, newer, stage.clock.time)
    await rotating.take('finishSecret', run)
    expect(await rotating.holding(CURRENT)).toMatchObject({ token: newer, since: stage.clock.time })
    expect(await rotating.labels()).toMatchObject({ pending: undefined })
  })

  test('a webhook that is missing is the guard’s, and no fault of the token', async () => {
    for (const webhook of rotating.stage.ours()) parts.clickup.webhooks.remove(webhook)
    await rotating.takeAll(await rotating.start())
    expect(await rotating.report()).toMatchObject({ phase: 'done' })
  })

  test('nothing happens before the first token', async () => {
    rotating = await makeTokenRotating(parts, { mode: 'unmade', held: { v: 1, token: null } })
    const before = calls()
    await rotating.takeAll(await rotating.start())
    expect(calls()).toBe(before)
    expect(await rotating.holding(CURRENT)).toMatchObject({ v: 1, token: null })
    expect(await rotating.report()).toMatchObject({
      phase: 'done',
      detail: 'There was nothing to test: no token was brought yet, or another is in use since.',
    })
    await rotating.start()
  })

  test.each(['an empty version', 'a copy'])(
    'testing %s, as the service tries a schedule, is well and says nothing',
    async (what) => {
      const run = await rotating.start()
      const { current = '' } = await rotating.labels()
      const held = await rotating.versions.read(current)
      if (what === 'a copy') await rotating.versions.putPending(run, held?.text ?? '')
      const before = calls()
      await rotating.take('testSecret', run)
      expect(calls()).toBe(before)
      expect(await rotating.report()).toBeNull()
    },
  )
})

test('a token that connect stores after a rotation does not keep the next one from beginning', async () => {
  const { stage } = rotating
  await rotating.bring(parts.clickup.issueToken(Number(stage.userId)))
  await rotating.takeAll(await rotating.start())
  const token = parts.clickup.issueToken(Number(stage.userId))
  await storeToken(parts.clients.secrets, rotating.name, token, stage.clock.time)
  await rotating.takeAll(await rotating.start())
  expect(await rotating.holding(CURRENT)).toMatchObject({ token })
})

test('a ClickUp that comes back in time is asked again', async () => {
  const { clickup } = parts
  await rotating.bring(clickup.issueToken(Number(rotating.stage.userId)))
  const run = await rotating.start()
  await rotating.take('createSecret', run)
  clickup.faults.outage = { from: null, until: null, answer: 503 }
  const details: (string | undefined)[] = []
  rotating.meanwhile.act = async () => {
    details.push((await rotating.report())?.detail)
    if (details.length === 3) clickup.faults.outage = null
  }
  await rotating.takeAll(run)
  expect(rotating.slept).toEqual([2_000, 4_000, 8_000])
  expect(details[0]).toMatch(/^The new token could not be tested: ClickUp does not answer \(status 503\)/)
  expect(await rotating.labels()).toMatchObject({ current: run })
})

test('steps that are taken twice, and a second rotation while one runs, change nothing more', async () => {
  const token = parts.clickup.issueToken(Number(rotating.stage.userId))
  await rotating.bring(token)
  const run = await rotating.start()
  await expect(rotating.start()).rejects.toThrow(/previous rotation/)
  for (const step of ['createSecret', 'createSecret', 'setSecret', 'setSecret', 'testSecret', 'testSecret'] as const)
    await rotating.take(step, run)
  await rotating.take('finishSecret', run)
  rotating.stage.clock.time += MINUTE
  await rotating.takeAll(run)
  expect(await rotating.labels()).toMatchObject({ current: run, pending: run })
  expect(await rotating.holding('AWSPREVIOUS')).toMatchObject({ token: rotating.first })
})
