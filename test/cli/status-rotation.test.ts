import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CURRENT } from '../../core/secrets/versions.ts'
import { type RotatedStack, startRotated, TOKEN } from './rotated.ts'
import { NOW } from './stack.ts'
import { DAY, HOUR, MINUTE, putItem, SLOT, saveRecord, saveWell, WEBHOOKS } from './states.ts'

let stack: RotatedStack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startRotated()
  await saveWell(stack)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const json = async () => JSON.parse((await stack.hookline(['status', '--json'])).out)
const reporter = (rotated: 'signing' | 'token', agoMs: number) => stack.reporter(rotated, { now: () => NOW - agoMs })

/** What is said of a line, and of those that go on with it. */
async function told(label: string): Promise<string[]> {
  const lines = (await stack.hookline(['status'])).out.split('\n')
  const at = lines.findIndex((each) => each.startsWith(`${label}  `))
  const more = lines.slice(at + 1).findIndex((each) => !each.startsWith('  '))
  return at < 0 ? [] : lines.slice(at, at + 1 + more).map((each, i) => each.slice(i === 0 ? label.length : 0).trim())
}

test('how old token and signing secret are, and how their last rotations went', async () => {
  const since = NOW - 12 * DAY
  await stack.versions('token').put(JSON.stringify({ v: 1, token: TOKEN, since }), [CURRENT])
  await reporter('signing', 3 * DAY).done('r1', 'The new webhook is active. The old one goes on until then.')
  await reporter('token', 2 * DAY).done('r2', 'The token was tested and kept.')
  expect(await told('token')).toEqual([
    'accepted',
    'brought 12d ago (2026-08-29)',
    '2d ago: The token was tested and kept',
  ])
  expect(await told('signing secret')).toEqual([
    expect.stringMatching(/^changed .* \(\d{4}-\d\d-\d\d\)$/),
    'last rotation ended well 3d ago',
  ])
  const { verdict, connections } = await json()
  expect(verdict.level).toBe('well')
  expect(connections[0].rotations).toMatchObject({
    ...{ tokenSince: since, signingChangedAt: expect.any(Number), overlapUntil: null },
    signing: { phase: 'done', run: 'r1' },
    token: { phase: 'done', run: 'r2' },
  })
  expect(JSON.stringify(connections)).not.toContain(TOKEN)
})

test('one that goes on is told with what it waits for, and is no alarm', async () => {
  await reporter('signing', 20_000).running('r1', 'Waiting until every verifier knows it.', NOW + 100_000)
  expect((await told('signing secret'))[1]).toBe(
    'a rotation goes on for 20s: Waiting until every verifier knows it, 1m 40s left',
  )
  const making = {
    run: 'r1',
    since: NOW - 20_000,
    from: 'a',
    fromId: 'w',
    fromUserId: '1',
    userId: '1',
    to: 'b',
    phase: 'making',
  }
  const rotation = { ...making, way: 'beside', until: NOW + MINUTE }
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation })
  expect((await told('webhook'))[1]).toBe('one is made at slot b since 20s ago, to replace that at slot a')
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation: { ...rotation, way: 'instead' } })
  expect((await told('webhook'))[1]).toMatch(/to replace that at slot a, which is deleted already$/)
  await putItem(stack, 'webhooks', { ...WEBHOOKS, rotation: { ...rotation, fromId: SLOT.webhookId, way: 'instead' } })
  expect(await told('webhook')).toEqual([expect.stringMatching(/^one is made at slot b .*, which is deleted already$/)])
  expect((await json()).verdict.level).toBe('well')
})

test('a replaced webhook is told with its end', async () => {
  const rotation = {
    ...{
      run: 'r1',
      since: NOW - MINUTE,
      from: 'a',
      fromId: 'w1',
      fromUserId: '183',
      userId: '183',
      to: 'b',
      way: 'beside',
    },
    ...{ phase: 'over', until: NOW + HOUR },
  }
  const slots = { a: SLOT, b: { ...SLOT, webhookId: 'w2' } }
  await putItem(stack, 'webhooks', { ...WEBHOOKS, slots, rotation })
  expect(await told('webhook')).toEqual([
    'active at slot a, looked at 2m ago',
    'active at slot b, looked at 2m ago',
    'that at slot b has replaced that at slot a, which goes on until 01:26:40',
  ])
  expect((await json()).connections[0]).toMatchObject({
    webhooks: { rotation: { way: 'beside', phase: 'over' } },
    rotations: { overlapUntil: NOW + HOUR },
  })
  await putItem(stack, 'webhooks', { ...WEBHOOKS, slots, rotation: { ...rotation, until: NOW } })
  expect((await told('webhook'))[2]).toMatch(/which is deleted next by the guard$/)
})

test.each([
  ['signing', 'the rotation of the signing secret failed 3d ago: The test delivery was refused.'],
  ['token', 'the rotation of the token failed 3d ago: The test delivery was refused.'],
] as const)('a rotation of the %s that failed is said first, with what to do', async (rotated, text) => {
  await reporter(rotated, 33 * DAY).done('r0', 'Well.')
  await reporter(rotated, 3 * DAY).failed('r1', 'The test delivery was refused.')
  expect((await json()).verdict).toMatchObject({ level: 'amber', matters: [{ kind: 'rotationFailed', text }] })
  expect((await told(rotated === 'signing' ? 'signing secret' : 'token')).at(-1)).toMatch(
    /failed 3d ago: The test delivery was refused\. \(the one before it went well, 33d ago\)$/,
  )
})

test('one that has not moved for 20 minutes is amber, with how to begin anew', async () => {
  await reporter('signing', 21 * MINUTE).running('r1', 'A second webhook is being made.')
  await reporter('token', 21 * MINUTE).running('r2', 'The token is being tested.')
  const { verdict } = await json()
  expect(verdict.matters.map(({ text }: { text: string }) => text)).toEqual([
    'the rotation of the signing secret has not moved for 21m: npx hookline rotate signing',
    'the rotation of the token has not moved for 21m: npx hookline rotate token --test',
  ])
  expect((await told('token')).at(-1)).toMatch(/not moved for 21m: npx hookline rotate token --test begins anew$/)
})

test('where the secrets may not be read all the rest is told', async () => {
  stack.gateway.intercept(({ service }) => {
    if (service === 'secretsmanager') throw new Error('no right')
  })
  await reporter('signing', 3 * DAY).done('r1', 'Well.')
  expect(await told('signing secret')).toEqual(['last rotation ended well 3d ago'])
  expect((await json()).connections[0].rotations).toMatchObject({ tokenSince: null, signingChangedAt: null })
})

test('a connection that polls has no signing secret to tell of', async () => {
  await saveRecord(stack, { mode: 'poll' })
  expect(await told('signing secret')).toEqual([])
})
