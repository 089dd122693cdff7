import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accept } from '../../core/ingest/accept.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { cached } from '../../core/secrets/cached.ts'
import { parseSigningSecret, SIGNING_CACHE } from '../../core/secrets/signing.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { buildRotateSigning } from '../../functions/rotate-signing/services.ts'
import { buildRotateToken } from '../../functions/rotate-token/services.ts'
import type { WorkerPlatform } from '../../functions/shared/platform.ts'
import { takeRotationStep } from '../../functions/shared/rotation-step.ts'
import { startUnconnected } from './connected.ts'
import { TABLES } from './stack.ts'

const CONNECTION = { name: 'main', filter: {}, storeComments: false, storeEmails: false }
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const metrics = {
  count: () => undefined,
  milliseconds: () => undefined,
  percent: () => undefined,
  flush: () => undefined,
}

/** A connected stack whose secrets are rotated by the real functions, on the command's clock. */
async function startRotating() {
  const calls: string[] = []
  const world = await startUnconnected()
  await world.hookline(['connect', '--token-stdin', '--no-wait', '--no-backfill'], {
    stdin: world.clickup.tokens.service,
  })
  const { clients, clock, gateway, queues } = world
  const read = secretsManagerSource(clients.secrets)
  const verifier = {
    ...{ clock, metrics, log: silent, connections: new Map([['main', CONNECTION]]), enqueue: async () => undefined },
    secrets: cached(async (name) => parseSigningSecret(await read(signingSecretName('dev', name))), {
      ...{ clock, ...SIGNING_CACHE },
    }),
  }
  const platform: WorkerPlatform = {
    ...{ clock, metrics, log: silent, sleep: world.sleepBeside, random: () => 0 },
    timeout: (ms) => AbortSignal.timeout(ms),
    ...{ dynamo: clients.dynamo, sqs: clients.sqs, secrets: clients.secrets },
    async fetch(url, init) {
      if (!String(url).startsWith(world.url('a').slice(0, -1))) {
        calls.push(`${init?.method ?? 'GET'} ${String(url)}`)
        return fetch(url, init)
      }
      const [connection = '', slot = ''] = String(url).split('/').slice(-2)
      const headers = Object.fromEntries(new Headers(init?.headers))
      const { status } = await accept(
        { connection, slot, headers, body: String(init?.body), isBase64: false },
        verifier,
      )
      return new Response('{}', { status })
    },
  }
  const env = {
    ...{ [ENV.stage]: 'dev', [ENV.connections]: JSON.stringify([CONNECTION]), [ENV.stateTable]: TABLES.state },
    ...{ [ENV.apiUrl]: 'http://127.0.0.1:9/api', [ENV.jobsQueueUrl]: queues.jobs, [ENV.guardQueueUrl]: queues.jobs },
    ...{ [ENV.rotationSettings]: '{}', [ENV.clickupApiUrl]: world.clickup.url },
  }
  const signing = buildRotateSigning(env, platform)
  const token = buildRotateToken(env, platform)
  gateway.onInvoke((arn, payload) => takeRotationStep(payload, arn.endsWith('signing') ? signing : token, 900_000))
  return {
    ...world,
    /** How often ClickUp was asked. docs/rotation.md says it. */
    calls: () => calls.length,
  }
}

let world: Awaited<ReturnType<typeof startRotating>>
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  world = await startRotating()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await world.close()
})

/** Times and figures depend on how fast the machine is. */
const linesOf = (text: string) =>
  text
    // An hour ahead may be tomorrow, and then the day is told, too.
    .replace(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/g, 'TIME')
    .replace(/\b(\d+[mhs] ?)+/g, 'SOME')
    .trimEnd()
    .split('\n')
const bring = (stdin: string, ...more: string[]) =>
  world.hookline(['rotate', 'token', '--token-stdin', ...more], { stdin })

test('a signing secret beside the old one: what is seen, and what stands after it', async () => {
  world.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  const { a: old } = await world.signing()
  const { status, out, err } = await world.hookline(['rotate', 'signing'])
  expect({ status, err: linesOf(err) }).toEqual({
    status: 0,
    err: [
      'TIME  A second webhook is being made',
      'TIME  Waiting until every verifier knows the new secret, SOME',
      'TIME  A signed test delivery is sent to the new webhook’s address',
    ],
  })
  expect(linesOf(out)).toEqual([
    'The new signing secret is in use.',
    'ClickUp delivers to the new webhook at slot b.',
    'The old one at slot a goes on until TIME (SOME), for what ClickUp has on its way; then the guard deletes it.',
  ])
  expect(world.calls()).toBe(5)
  const { a, b } = await world.signing()
  expect(a).toEqual({ ...old, state: 'retiring' })
  expect(b).toMatchObject({ state: 'active' })
  expect(world.webhooks().map(({ id }) => id)).toEqual([old?.webhookId, b?.webhookId])
  for (const hidden of [old?.secret, b?.secret]) expect(out + err).not.toContain(hidden)
  const again = await world.hookline(['rotate', 'signing'])
  expect(again.err).toMatch(
    /^hookline: The webhook that was replaced last goes on until [^\n]*: rotate again after that\.\n$/,
  )
  expect((await world.hookline(['status'])).out).toMatch(
    /that at slot b has replaced that at slot a, which goes on until/,
  )
})

test('a signing secret where ClickUp refuses a second webhook: the gap is told', async () => {
  const { status, out } = await world.hookline(['rotate', 'signing'])
  expect(status).toBe(0)
  expect(linesOf(out)).toEqual([
    'The new signing secret is in use.',
    'ClickUp delivers to the new webhook at slot b.',
    'It refuses a second webhook beside another (OAUTH_171), so the old one at slot a was deleted first: nothing was delivered from TIME to TIME (SOME).',
    'A sweep was asked for, which finds what happened meanwhile: npx hookline gaps',
  ])
  expect(world.calls()).toBe(8)
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual([world.url('b')])
  const gaps = await world.hookline(['gaps'])
  expect(gaps.out).toContain('ClickUp refused a second webhook while the signing secret was rotated')
})

test('a token of the same user is taken up', async () => {
  const token = world.clickup.issueToken(Number((await world.record())?.userId))
  const { status, out, err } = await bring(token)
  expect({ status, out }).toEqual({
    status: 0,
    out: 'The new token is in use. Every function takes it up within a minute.\n',
  })
  expect(world.calls()).toBe(3)
  expect(await world.token()).toBe(token)
  expect(out + err).not.toContain(token)
  expect(await bring(token)).toMatchObject({ out: 'That is the token that main uses already: nothing was changed.\n' })
})

test.each([
  ['that ClickUp does not know', () => `${'pk'}_1_NOBODY`, /ClickUp refuses the new token \(OAUTH_\d+\): make another/],
  ['of another user', () => world.clickup.tokens['maria'] ?? '', /that of Maria Okafor .*--takeover/],
])('a token %s changes nothing, and it is said why', async (_, token, why) => {
  const { status, out, err } = await bring(token())
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toMatch(/\nhookline: The new token was not taken, and nothing was changed\. [^\n]*\n$/)
  expect(err).toMatch(why)
  expect(await world.token()).toBe(world.clickup.tokens.service)
  expect(world.webhooks()).toHaveLength(1)
})

test('the token in use is tested, also once it is dead', async () => {
  const { status, out } = await world.hookline(['rotate', 'token', '--test'])
  expect({ status, out }).toEqual({ status: 0, out: 'The token in use has passed its test.\n' })
  expect(world.calls()).toBe(3)
  world.clickup.revokeToken(world.clickup.tokens.service)
  const dead = await world.hookline(['rotate', 'token', '--test'])
  expect(dead).toMatchObject({ status: 1 })
  expect(dead.err).toMatch(/The token in use did not pass its test\. ClickUp refuses the token in use/)
})

test('a takeover: the new user’s webhook stands beside the former one’s', async () => {
  const maria = world.clickup.tokens['maria'] ?? ''
  const { status, out, err } = await bring(maria, '--takeover', '--yes')
  expect({ status, err: linesOf(err) }).toMatchObject({ status: 0 })
  expect(linesOf(out)).toEqual([
    'The new token is in use. Every function takes it up within a minute.',
    'ClickUp delivers to the new webhook at slot b.',
    'The old one at slot a goes on until TIME (SOME), for what ClickUp has on its way; then the guard deletes it.',
  ])
  expect([await world.token(), (await world.record())?.userName]).toEqual([maria, 'Maria Okafor'])
  expect(world.calls()).toBe(15)
  expect(world.webhooks().map(({ endpoint }) => endpoint)).toEqual([world.url('a'), world.url('b')])
})

test('where the former token is dead already, a new token of its user works, and a takeover when that user is gone', async () => {
  const { tokens, issueToken, revokeToken } = world.clickup
  revokeToken(tokens.service)
  const again = issueToken(Number((await world.record())?.userId))
  expect(await bring(again)).toMatchObject({ status: 0, out: expect.stringMatching(/^The new token is in use\./) })
  const former = Number((await world.record())?.userId)
  world.clickup.world.disableUser({ userId: former, via: 'app' }, former)
  expect(await bring(tokens['maria'] ?? '', '--takeover', '--yes')).toMatchObject({ status: 0 })
  expect((await world.record())?.userName).toBe('Maria Okafor')
})
