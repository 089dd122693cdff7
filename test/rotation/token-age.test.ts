import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Metrics } from '../../core/platform/metrics.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { run } from '../../functions/guard/run.ts'
import { type Parts, startParts } from '../guard/support.ts'
import { BROUGHT, guardFunction, makeTokenRotating, type TokenRotating } from './token-support.ts'

const DAY = 86_400_000

let parts: Parts
let rotating: TokenRotating
let readsOfTokens: string[]
let ages: number[]
beforeAll(async () => {
  parts = await startParts()
  rotating = await makeTokenRotating(parts)
})
afterAll(() => parts.close())

/** A run of the guard in a process of its own, for the connection and one that was never made. */
async function guard(names = ['main', 'other']) {
  const { secrets } = parts.clients
  readsOfTokens = []
  ages = []
  const counting = new Proxy(secrets, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key !== 'send' || typeof value !== 'function') return value
      return (command: object, ...rest: unknown[]) => {
        if (command instanceof GetSecretValueCommand && command.input.SecretId?.endsWith('/token'))
          readsOfTokens.push(command.input.SecretId)
        return Reflect.apply(value, target, [command, ...rest])
      }
    },
  })
  const metrics: Metrics = {
    count: () => undefined,
    milliseconds: (name, ms) => {
      if (name === 'TokenAgeMs') ages.push(ms)
    },
    percent: () => undefined,
    flush: () => undefined,
  }
  const built = guardFunction(parts, rotating.stage, { names, secrets: counting, metrics })
  const body = JSON.stringify({ job: 'guard', connection: '*' })
  return run({ Records: [{ messageId: 'm', body }] }, built, 60_000)
}

const store = (secret: object) =>
  parts.clients.secrets.send(
    new PutSecretValueCommand({ SecretId: rotating.name, SecretString: JSON.stringify({ v: 1, ...secret }) }),
  )

test('the guard measures it from when the token was brought, and reads nothing more for it', async () => {
  rotating.stage.clock.time = BROUGHT + 40 * DAY
  expect(await guard(['main'])).toEqual({ batchItemFailures: [] })
  expect(ages).toEqual([40 * DAY])
  expect(readsOfTokens).toHaveLength(1)
})

test('a test of the token by the schedule makes it no younger, a new token does', async () => {
  await rotating.takeAll(await rotating.start())
  await guard(['main'])
  expect(ages[0]).toBeGreaterThanOrEqual(40 * DAY)
  await rotating.bring(parts.clickup.issueToken(Number(rotating.stage.userId)))
  await rotating.takeAll(await rotating.start())
  rotating.stage.clock.time += 2 * DAY
  await guard(['main'])
  expect(ages).toEqual([2 * DAY])
})

test('one that does not say when it was brought is as old as its version', async () => {
  await store({ token: rotating.first })
  const { createdAt = null } = (await rotating.versions.read((await rotating.labels()).current ?? '')) ?? {}
  if (createdAt === null) throw new Error('no date')
  rotating.stage.clock.time = createdAt + 3 * DAY
  await guard(['main'])
  expect(ages).toEqual([3 * DAY])
})

test('without a token, or without a secret that can be read, there is nothing to measure and nothing fails', async () => {
  await parts.gateway.createSecret({
    name: tokenSecretName(rotating.stage.stage, 'other'),
    value: '{"v":1,"token":null}',
  })
  await guard(['other', 'missing'])
  expect(ages).toEqual([])
})
