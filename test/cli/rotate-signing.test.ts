import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebhookRotation } from '../../core/guard/state.ts'
import { type RotatedStack, startRotated } from './rotated.ts'
import { NOW } from './stack.ts'
import { GAP, HOUR, MINUTE, putItem, saveGaps, saveRecord, WEBHOOKS } from './states.ts'

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
const nothing = async () => undefined
const running = (detail: string, waitsMs?: number) => (clock: Clock) =>
  stack.reporter('signing', clock).running(stack.run(), detail, waitsMs === undefined ? null : clock.now() + waitsMs)

/** The rotation comes to its end, and a webhook was replaced in this way. */
const done =
  (over: Partial<WebhookRotation> = {}) =>
  async (clock: Clock) => {
    const run = stack.run()
    const rotation: WebhookRotation = {
      ...{
        run,
        since: NOW,
        from: 'a',
        fromId: 'w1',
        fromUserId: '183',
        userId: '183',
        to: 'b',
        way: 'beside',
        phase: 'over',
      },
      ...{ until: clock.now() + HOUR, ...over },
    }
    await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation })
    await stack.promote('signing', run, JSON.stringify({ v: 1, slots: {} }))
    await stack.reporter('signing', clock).done(run, 'The new webhook is active.')
  }

/** While the new webhook is made: in which way. */
const making = (way: WebhookRotation['way']) => async (clock: Clock) => {
  const rotation = {
    ...{ run: stack.run(), since: NOW, from: 'a', fromId: 'w1', fromUserId: '183', userId: '183', to: 'b', way },
  }
  const until = clock.now() + 20 * MINUTE
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation: { ...rotation, phase: 'making', until } })
}

const STORY = [
  running('A second webhook is being made.'),
  running('Waiting until every verifier knows the new secret.', 3_000),
  nothing,
  nothing,
  running('A signed test delivery is sent.'),
]

test('at a terminal each step is a line, a wait counts down, and the end says what becomes of the old webhook', async () => {
  const { status, out, err, lines } = await stack.hookline(['rotate', 'signing'], [...STORY, done()], {
    onTerminal: true,
  })
  expect({ status, err: err.split('\n') }).toEqual({
    status: 0,
    err: [
      '00:26:41  A second webhook is being made',
      '00:26:42  Waiting until every verifier knows the new secret, 3s',
      '00:26:45  A signed test delivery is sent',
      '',
    ],
  })
  expect(lines.filter((line) => line !== null)).toEqual([
    'Waiting for the rotation to begin ...',
    'A second webhook is being made ...',
    'Waiting until every verifier knows the new secret, 3s left ...',
    'Waiting until every verifier knows the new secret, 2s left ...',
    'Waiting until every verifier knows the new secret, 1s left ...',
    'A signed test delivery is sent ...',
  ])
  expect(lines.at(-1)).toBeNull()
  expect(out.split('\n')).toEqual([
    'The new signing secret is in use.',
    'ClickUp delivers to the new webhook at slot b.',
    'The old one at slot a goes on until 01:26:46 (1h), for what ClickUp has on its way; then the guard deletes it.',
    '',
  ])
  expect(stack.runs()).toHaveLength(1)
})

test('where ClickUp refuses a second webhook, the gap is told', async () => {
  await saveGaps(stack, [
    { ...GAP, cause: 'rotation', from: NOW - HOUR, to: NOW - HOUR + 40_000 },
    { ...GAP, id: 'rotation-2', cause: 'rotation', from: NOW + 1_000, to: NOW + 38_000, sweptAt: null },
  ])
  const [begin, ...rest] = STORY
  const story = [begin ?? nothing, making('instead'), ...rest, done({ way: 'instead' })]
  const { status, out, err } = await stack.hookline(['rotate', 'signing'], story)
  expect({ status, said: err.split('\n')[1] }).toEqual({
    status: 0,
    said: '00:26:42  ClickUp refuses a second webhook beside another (OAUTH_171): the old one was deleted first, and a sweep finds what happens until the new one delivers',
  })
  expect(err.match(/OAUTH_171/g)).toHaveLength(1)
  expect(out.split('\n')).toEqual([
    'The new signing secret is in use.',
    'ClickUp delivers to the new webhook at slot b.',
    'It refuses a second webhook beside another (OAUTH_171), so the old one at slot a was deleted first: nothing was delivered from 00:26:41 to 00:27:18 (37s).',
    'A sweep was asked for, which finds what happened meanwhile: npx hookline gaps',
    '',
  ])
})

test('--json is one line at the end, and what happens is told on standard error', async () => {
  const { status, out, err } = await stack.hookline(['rotate', 'signing', '--json'], [...STORY, done()])
  expect(status).toBe(0)
  expect(err.split('\n')).toHaveLength(4)
  expect(out).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(out)).toEqual({
    ...{ target: 'local stack', connection: 'main', run: stack.run(), asked: 'begun', outcome: 'done' },
    ...{ detail: 'The new webhook is active.', startedAt: NOW + 1_000, endedAt: NOW + 6_000 },
    replaced: { way: 'beside', from: 'a', to: 'b', until: NOW + 6_000 + HOUR },
  })
})

test('one that fails is status 1 with its reason', async () => {
  const fails = async (clock: Clock) => {
    await stack.reporter('signing', clock).failed(stack.run(), 'The test delivery was answered 403.')
    await stack.versions('signing').detach('AWSPENDING', stack.run())
  }
  const { status, out, err } = await stack.hookline(['rotate', 'signing', '--json'], [...STORY, fails])
  expect(status).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ outcome: 'failed', replaced: null })
  expect(err.split('\n').at(-2)).toBe(
    'hookline: The signing secret was not rotated. The test delivery was answered 403.',
  )
})

test('one that is under way is followed, and none is begun beside it', async () => {
  await stack.hookline(['rotate', 'signing', '--no-wait'])
  await running('A second webhook is being made.')({ now: () => NOW - 20_000 })
  const { status, err } = await stack.hookline(['rotate', 'signing'], [done()])
  expect({ status, err: err.split('\n')[0] }).toEqual({
    ...{ status: 0, err: 'A rotation that began 20s ago goes on already: this follows it.' },
  })
  expect(stack.runs()).toHaveLength(1)
})

test('one that has begun a moment ago and has not said a word yet is waited for', async () => {
  await stack.hookline(['rotate', 'signing', '--no-wait'])
  const { status } = await stack.hookline(['rotate', 'signing'], [nothing, ...STORY, done()])
  expect({ status, runs: stack.runs().length }).toEqual({ status: 0, runs: 1 })
})

test.each([
  [
    'said nothing for 20 minutes',
    21 * MINUTE,
    /^A rotation of main that began 21m ago, and has been silent for 21m, was left unfinished/,
  ],
  [
    'never said a word',
    null,
    /^A rotation of main, of which nothing is written down, was left unfinished: it is given up, and a new one begins/,
  ],
])('one that has crashed, which %s, is given up and a new one begins', async (_, ageMs, said) => {
  await stack.hookline(['rotate', 'signing', '--no-wait'])
  const crashed = stack.run()
  if (ageMs !== null) await running('A second webhook is being made.')({ now: () => NOW - ageMs })
  const { status, err } = await stack.hookline(['rotate', 'signing', '--no-wait'])
  expect(status).toBe(0)
  expect(err).toMatch(said)
  expect(stack.runs()).toHaveLength(2)
  expect(await stack.labels('signing')).toMatchObject({ pending: stack.run() })
  expect(stack.run()).not.toBe(crashed)
})

test('what says nothing for minutes is not watched for ever', async () => {
  const absent = await stack.hookline(['rotate', 'signing'])
  expect(absent).toMatchObject({ status: 1, out: '', clock: NOW + 301_000 })
  expect(absent.err).toBe(
    'hookline: The rotation of the signing secret of main has not begun in 5 minutes: see /aws/lambda/hookline-dev-rotate-signing, and npx hookline status.\n',
  )
  const stuck = await stack.hookline(['rotate', 'signing'], [running('A second webhook is being made.')])
  expect(stuck.err).toMatch(/has not moved for 5 minutes \(A second webhook is being made\.\): see \/aws\/lambda\//)
})

test('an announced wait is no silence', async () => {
  const { status } = await stack.hookline(
    ['rotate', 'signing'],
    [running('Waiting.', 6 * MINUTE), ...Array(400).fill(nothing), done()],
  )
  expect(status).toBe(0)
})

test('a version whose label somebody takes off is no success', async () => {
  const takenOff = () => stack.versions('signing').detach('AWSPENDING', stack.run())
  const { status, err } = await stack.hookline(['rotate', 'signing'], [takenOff])
  expect(status).toBe(1)
  expect(err).toMatch(/was given up, and its function does not say why: see \/aws\/lambda\/hookline-dev-rotate-signing/)
})

test('Ctrl-C ends the watching alone', async () => {
  const { status, out, err } = await stack.hookline(['rotate', 'signing'], STORY, { endsAfterMs: 2_000 })
  expect({ status, out }).toEqual({ status: 130, out: '' })
  expect(err.split('\n').at(-2)).toBe('The rotation goes on by itself: npx hookline status')
  expect(await stack.labels('signing')).toMatchObject({ pending: stack.run() })
})

test('--no-wait begins it and does not watch', async () => {
  const text = await stack.hookline(['rotate', 'signing', '--no-wait'])
  expect(text).toMatchObject({
    ...{ status: 0, err: '', clock: NOW },
    out: 'The rotation of the signing secret of main is on the way: npx hookline status\n',
  })
})

test('while the webhook that was replaced last goes on, none is begun', async () => {
  const rotation = {
    run: 'r',
    since: NOW - HOUR,
    from: 'a',
    fromId: 'w',
    fromUserId: '1',
    userId: '1',
    to: 'b',
    way: 'beside',
  }
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation: { ...rotation, phase: 'over', until: NOW + 20 * MINUTE } })
  const { status, err } = await stack.hookline(['rotate', 'signing'])
  expect({ status, err, runs: stack.runs() }).toEqual({
    ...{ status: 1, runs: [] },
    err: 'hookline: The webhook that was replaced last goes on until 00:46:40 (20m): rotate again after that.\n',
  })
  const instead = { ...rotation, way: 'instead', phase: 'over', until: NOW + 20 * MINUTE }
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation: instead })
  expect((await stack.hookline(['rotate', 'signing'])).err).toMatch(/is awaited until 00:46:40 \(20m\): rotate again/)
})

test('without a webhook, without a connection, and of an earlier version, it is one sentence', async () => {
  await saveRecord(stack, { mode: 'poll' })
  const polling = await stack.hookline(['rotate', 'signing'])
  expect(polling).toMatchObject({ status: 1, err: expect.stringMatching(/^hookline: main has no webhook, by choice/) })
  await putItem(stack, 'connection', { userId: 7 })
  const absent = await stack.hookline(['rotate', 'signing'])
  expect(absent.err).toBe('hookline: main is not connected (local stack): run npx hookline connect first.\n')
  expect(stack.runs()).toEqual([])
  const earlier = await startRotated({ rotates: false })
  const { status, err } = await earlier.hookline(['rotate', 'signing'])
  await earlier.secrets.send(
    new DeleteSecretCommand({ SecretId: earlier.names.signing, ForceDeleteWithoutRecovery: true }),
  )
  const missing = await earlier.hookline(['rotate', 'signing'])
  await earlier.close()
  expect(missing.err).toMatch(
    /^hookline: There is no secret hookline\/dev\/main\/signing \(local stack\): run npm run deploy/,
  )
  expect({ status, err }).toEqual({
    status: 1,
    err: expect.stringMatching(
      /^hookline: No function rotates the secret [^\n]* Run npm run deploy, then this again\.\n$/,
    ),
  })
})
