import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { createUpstreamStore } from '../../core/upstream/store.ts'
import { createClickUps, TOKEN_CACHE } from '../../functions/shared/clickup.ts'
import { workerPlatform } from '../../functions/shared/platform.ts'
import { type Parts, startParts } from '../guard/support.ts'
import { makeTokenRotating, type TokenRotating } from './token-support.ts'

let parts: Parts
let rotating: TokenRotating
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())
beforeEach(async () => {
  rotating = await makeTokenRotating(parts, { realGate: true })
})

const who = z.looseObject({ user: z.looseObject({ id: z.number() }) })

/** A function's process as it runs while the token is rotated: what it keeps, and the tokens that it has sent. */
function startWorker() {
  const { stage } = rotating
  const { dynamo, secrets, sqs } = parts.clients
  const used: string[] = []
  const platform = {
    ...workerPlatform('consumer', stage.stage),
    ...{ clock: stage.clock, random: () => 0, sleep: async () => undefined, dynamo, secrets, sqs },
    fetch: (url: string, init: RequestInit) => {
      used.push(new Headers(init.headers).get('authorization') ?? '')
      return fetch(url, init)
    },
  }
  const connections = [{ name: 'main', filter: {}, storeComments: false, storeEmails: false }]
  const clickups = createClickUps(
    { stage: stage.stage, connections, stateTable: stage.state.table, clickupUrl: parts.clickup.url },
    platform,
  )
  return {
    used,
    ask: async () =>
      (await clickups.of('main', { lane: 'live', deadline: stage.clock.time + 60_000 }).get('/user', who)).kind,
  }
}

const refusal = async () => (await createUpstreamStore(rotating.stage.state, 'main').load()).refusal

async function promote(token: string) {
  await rotating.bring(token)
  await rotating.takeAll(await rotating.start())
}

test('a function that runs uses a promoted token within a minute', async () => {
  const worker = startWorker()
  expect(await worker.ask()).toBe('ok')
  const token = parts.clickup.issueToken(Number(rotating.stage.userId))
  await promote(token)
  expect(await worker.ask()).toBe('ok')
  rotating.stage.clock.time += TOKEN_CACHE.lifeMs
  expect(await worker.ask()).toBe('ok')
  expect(worker.used).toEqual([rotating.first, rotating.first, token])
  expect(TOKEN_CACHE.lifeMs).toBeLessThanOrEqual(60_000)
})

test.each([
  ['a personal one', () => parts.clickup.issueToken(Number(rotating.stage.userId)), ''],
  ['one of OAuth', () => parts.clickup.issueOAuthToken(Number(rotating.stage.userId)), 'Bearer '],
])(
  'it uses it at once when the old one is refused, and nothing is held against either: %s',
  async (_, issue, scheme) => {
    const worker = startWorker()
    expect(await worker.ask()).toBe('ok')
    const token = issue()
    await promote(token)
    parts.clickup.revokeToken(rotating.first)
    expect(await worker.ask()).toBe('ok')
    expect(worker.used).toEqual([rotating.first, rotating.first, `${scheme}${token}`])
    expect(await refusal()).toBeNull()
    expect(await worker.ask()).toBe('ok')
    expect(worker.used).toHaveLength(4)
  },
)

test('a token that was refused for good is replaced: what is known of it keeps nobody from the new one', async () => {
  const worker = startWorker()
  parts.clickup.revokeToken(rotating.first)
  expect(await worker.ask()).toBe('tokenDead')
  expect(await refusal()).toMatchObject({ code: 'OAUTH_025' })
  const token = parts.clickup.issueToken(Number(rotating.stage.userId))
  await rotating.bring(token)
  const run = await rotating.start()
  await rotating.take('createSecret', run)
  // A process that has died in its first call: for a while the version counts as one that is being tried.
  expect(await rotating.gate().enter('control', run)).toEqual({ kind: 'granted', probe: true })
  expect(await refusal()).toMatchObject({ trial: run })
  const begunAt = rotating.stage.clock.time
  await rotating.takeAll(run)
  expect(rotating.stage.clock.time - begunAt).toBeLessThan(60_000)
  expect(rotating.slept.length).toBeGreaterThan(0)
  expect(await worker.ask()).toBe('ok')
  expect(worker.used.at(-1)).toBe(token)
  expect(await refusal()).toBeNull()
})

test('a candidate that is dead stops nobody who uses the token in use', async () => {
  const worker = startWorker()
  const dead = parts.clickup.issueToken(Number(rotating.stage.userId))
  parts.clickup.revokeToken(dead)
  await expect(promote(dead)).rejects.toThrow(/refuses the new token/)
  expect(await refusal()).toBeNull()
  expect(await Promise.all([worker.ask(), worker.ask(), worker.ask()])).toEqual(['ok', 'ok', 'ok'])
})
