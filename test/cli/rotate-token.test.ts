import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CANDIDATE } from '../../core/secrets/token.ts'
import { holderOf } from '../../core/secrets/versions.ts'
import { answering, piped, type RotatedStack, startRotated, TOKEN } from './rotated.ts'
import { NOW } from './stack.ts'
import { HOUR, putItem, WEBHOOKS } from './states.ts'

let stack: RotatedStack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startRotated()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

type Clock = { now(): number }
const NEW = `${'pk'}_2_NEW`
const PIPED = ['rotate', 'token', '--token-stdin']

/** What the operator has brought and nobody has taken up; null for nothing. */
async function candidate(): Promise<unknown> {
  const { labels } = await stack.versions('token').describe()
  const holder = holderOf(labels, CANDIDATE)
  return holder === undefined ? null : JSON.parse((await stack.versions('token').read(holder))?.text ?? '')
}

/** What the function does with what it finds: takes the candidate up, or copies what is in use. */
async function takeUp(clock: Clock, run = stack.run()) {
  const versions = stack.versions('token')
  const { labels } = await versions.describe()
  const [brought, current] = [holderOf(labels, CANDIDATE), holderOf(labels, 'AWSCURRENT')]
  const text = (await versions.read(brought ?? current ?? ''))?.text ?? ''
  await versions.putPending(run, text)
  if (brought !== undefined) await versions.detach(CANDIDATE, brought)
  await stack.reporter('token', clock).running(run, 'The token is tested.')
}
async function promote(clock: Clock, run = stack.run()) {
  await stack.versions('token').promote(run)
  await stack.reporter('token', clock).done(run, 'The new token is in use.')
}
const refuse = (reason: string) => async (clock: Clock) => {
  await stack.reporter('token', clock).failed(stack.run(), reason)
  await stack.versions('token').detach('AWSPENDING', stack.run())
}
const current = async () => {
  const { current: version = '' } = await stack.labels('token')
  return JSON.parse((await stack.versions('token').read(version))?.text ?? '')
}

test('asks for the token in hidden, brings it under its label, and says when it is in use', async () => {
  const input = answering([NEW])
  let brought: unknown
  const look = async () => {
    brought = await candidate()
  }
  const { status, out, err } = await stack.hookline(['rotate', 'token'], [look, takeUp, promote], { input })
  expect({ status, err }).toEqual({ status: 0, err: '00:26:42  The token is tested\n' })
  expect(input.asked).toEqual(['New ClickUp API token (it is not shown): '])
  expect(out).toBe('The new token is in use. Every function takes it up within a minute.\n')
  expect(brought).toEqual({ v: 1, token: NEW, since: NOW })
  expect([await candidate(), await current()]).toEqual([null, { v: 1, token: NEW, since: NOW }])
  expect(out + err).not.toContain(NEW)
})

test('the token that is in use already changes nothing', async () => {
  const text = await stack.hookline(PIPED, [], { input: piped(`${TOKEN}\n`) })
  expect(text).toMatchObject({ status: 0, out: 'That is the token that main uses already: nothing was changed.\n' })
  const json = await stack.hookline([...PIPED, '--json'], [], { input: piped(TOKEN) })
  expect(JSON.parse(json.out)).toMatchObject({ outcome: 'same' })
  expect([stack.runs(), await candidate()]).toEqual([[], null])
})

test.each([
  ['before it was taken up', []],
  ['when it was tested', [takeUp]],
])('one that fails %s is status 1 with its reason, and nothing is left of it', async (_, before) => {
  const fails = refuse('ClickUp refuses the token (OAUTH_025): make another.')
  const { status, out, err } = await stack.hookline([...PIPED, '--json'], [...before, fails], { input: piped(NEW) })
  expect(status).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    outcome: 'failed',
    detail: 'ClickUp refuses the token (OAUTH_025): make another.',
  })
  expect(err.split('\n').at(-2)).toBe(
    'hookline: The new token was not taken, and nothing was changed. ClickUp refuses the token (OAUTH_025): make another.',
  )
  expect([await candidate(), await current()]).toEqual([null, { v: 1, token: TOKEN }])
})

test('a refusal of Secrets Manager leaves no candidate behind', async () => {
  stack.gateway.intercept(({ action }) => {
    if (action.endsWith('RotateSecret')) throw new Error('out of order')
  })
  expect(await stack.hookline(PIPED, [], { input: piped(NEW) })).toMatchObject({ status: 1, out: '' })
  expect(await candidate()).toBeNull()
})

test('a former candidate that nobody took up is replaced', async () => {
  await stack.versions('token').put(JSON.stringify({ v: 1, token: 'left', since: 1 }), [CANDIDATE])
  await stack.hookline([...PIPED, '--no-wait'], [], { input: piped(NEW) })
  expect(await candidate()).toMatchObject({ token: NEW })
})

test('--test brings none, and puts away one that was left', async () => {
  await stack.versions('token').put(JSON.stringify({ v: 1, token: 'left', since: 1 }), [CANDIDATE])
  const { status, out, err } = await stack.hookline(['rotate', 'token', '--test'], [takeUp, promote])
  expect({ status, out }).toEqual({ status: 0, out: 'The token in use has passed its test.\n' })
  expect(err.split('\n')[0]).toMatch(/^A token that was brought before and never taken up is put away/)
  expect([await candidate(), await current()]).toEqual([null, { v: 1, token: TOKEN }])
  const failed = await stack.hookline(['rotate', 'token', '--test'], [refuse('ClickUp refuses the token.')])
  expect(failed.err).toBe('hookline: The token in use did not pass its test. ClickUp refuses the token.\n')
  expect(await stack.hookline(['rotate', 'token', '--test', '--takeover'])).toMatchObject({ status: 2 })
})

test('a test of the schedule is let end first, and then the token is brought', async () => {
  await stack.hookline(['rotate', 'token', '--test', '--no-wait'])
  const scheduled = stack.run()
  await takeUp({ now: () => NOW - 5_000 }, scheduled)
  let broughtEarly: unknown
  const end = async (clock: Clock) => {
    broughtEarly = await candidate()
    await promote(clock, scheduled)
  }
  const { status, err } = await stack.hookline(PIPED, [end, takeUp, promote], { input: piped(NEW) })
  expect({ status, broughtEarly }).toEqual({ status: 0, broughtEarly: null })
  expect(err).toMatch(/^A rotation of the token that began 5s ago goes on: waiting for its end first\.\n/)
  expect(stack.runs()).toHaveLength(2)
  expect(await current()).toMatchObject({ token: NEW })
})

test('without waiting, nothing is brought beside a rotation that goes on', async () => {
  await stack.hookline(['rotate', 'token', '--test', '--no-wait'])
  await takeUp({ now: () => NOW - 5_000 })
  const { status, err } = await stack.hookline([...PIPED, '--no-wait'], [], { input: piped(NEW) })
  expect({ status, err }).toEqual({
    ...{ status: 1 },
    err: 'hookline: A rotation of the token that began 5s ago goes on: run this again when it has ended (npx hookline status).\n',
  })
  expect(await candidate()).toBeNull()
})

test.each([
  ['that has taken the token up is the one', true, 1],
  ['that was past taking it up is let end, and another begins', false, 2],
])('a rotation of the schedule that begins just before ours, %s', async (_, takes, begun) => {
  const text = JSON.stringify({ v: 1, token: TOKEN })
  let other = ''
  const stop = stack.gateway.intercept(async ({ action }) => {
    if (other !== '' || !action.endsWith('RotateSecret')) return
    // Between the look and the asking, as another process would do it.
    other = 'a'.repeat(32)
    await stack.versions('token').putPending(other, text)
    await stack.reporter('token', { now: () => NOW }).running(other, 'The token is tested.')
  })
  const end = async (clock: Clock) => {
    const holder = holderOf((await stack.versions('token').describe()).labels, CANDIDATE)
    if (takes && holder !== undefined) await stack.versions('token').detach(CANDIDATE, holder)
    await promote(clock, other)
  }
  const { status } = await stack.hookline(PIPED, [end, takeUp, promote], { input: piped(NEW) })
  stop()
  expect({ status, runs: stack.runs().length }).toEqual({ status: 0, runs: begun - 1 })
  expect(await candidate()).toBeNull()
})

test('--takeover says what it means, asks, and needs somebody to answer', async () => {
  const no = answering([NEW, 'n'])
  const refused = await stack.hookline(['rotate', 'token', '--takeover'], [], { input: no })
  expect(refused).toMatchObject({ status: 0, out: '', err: 'Nothing was changed.\n' })
  expect(no.asked[1]).toMatch(/^main is Ada \(183\) in ClickUp\. .*webhooks are made anew.* \[y\/N\] $/)
  const nobody = await stack.hookline([...PIPED, '--takeover'], [], { input: piped(NEW) })
  expect(nobody.err).toBe('hookline: Nobody is here to confirm it: say --yes.\n')
  expect([stack.runs(), await candidate()]).toEqual([[], null])
  await stack.hookline([...PIPED, '--takeover', '--yes', '--no-wait'], [], { input: piped(NEW) })
  expect(await candidate()).toEqual({ v: 1, token: NEW, since: NOW, takeover: true })
})

test('a takeover tells what becomes of the former user’s webhook', async () => {
  const replaced = async (clock: Clock) => {
    const rotation = {
      run: stack.run(),
      since: NOW,
      from: 'b',
      fromId: 'w1',
      fromUserId: '183',
      userId: '184',
      to: 'a',
      way: 'beside',
    }
    await putItem(stack, 'webhooks', {
      ...WEBHOOKS,
      rotation: { ...rotation, phase: 'over', until: clock.now() + HOUR },
    })
    await promote(clock)
  }
  const { out } = await stack.hookline([...PIPED, '--takeover', '--yes'], [takeUp, replaced], { input: piped(NEW) })
  expect(out.split('\n').slice(1)).toEqual([
    'ClickUp delivers to the new webhook at slot a.',
    expect.stringMatching(/^The old one at slot b goes on until 01:26:42 \(1h\)/),
    '',
  ])
})

test('what is no token is misuse of nobody’s secret', async () => {
  const blank = await stack.hookline(PIPED, [], { input: piped('not a token') })
  expect(blank.err).toBe('hookline: That is no token: it has blanks or other characters in it.\n')
  const huge = await stack.hookline(PIPED, [], { input: piped('t'.repeat(1_001)) })
  expect(huge.err).toBe('hookline: That is no token: it has 1001 characters.\n')
  const none = await stack.hookline(['rotate', 'token'], [], { input: piped('') })
  expect(none).toMatchObject({ status: 1, err: expect.stringMatching(/^hookline: A token is needed: /) })
})
