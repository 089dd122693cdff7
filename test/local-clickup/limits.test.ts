import { expect, test } from 'vitest'
import { manualClock, NOON, startSmall } from './support.ts'

const header = (headers: Headers, name: string) => Number(headers.get(`x-ratelimit-${name}`))

test('calls are counted by token in windows of a minute, and refused beyond the plan', async () => {
  const clock = manualClock()
  const { fake, world, call } = await startSmall({ clock })
  const first = await call('GET', '/v2/user')
  expect(header(first.headers, 'limit')).toBe(100)
  expect(header(first.headers, 'remaining')).toBe(99)
  expect(header(first.headers, 'reset')).toBe((NOON + 60_000) / 1_000)
  clock.advance(30_000)
  for (let count = 0; count < 99; count++) expect((await call('GET', '/v2/task/none')).status).toBe(404)
  const refused = await call('GET', '/v2/user')
  expect(refused).toMatchObject({ status: 429, body: { err: 'Rate limit reached', ECODE: 'APP_002' } })
  expect(header(refused.headers, 'remaining')).toBe(0)
  expect(header(refused.headers, 'reset')).toBe((NOON + 60_000) / 1_000)
  const another = fake.issueToken(world.users()[0]?.id ?? 0)
  expect((await call('GET', '/v2/user', undefined, another)).status).toBe(200)
  clock.advance(30_000)
  const next = await call('GET', '/v2/user')
  expect(next.status).toBe(200)
  expect(header(next.headers, 'remaining')).toBe(99)
  expect(header(next.headers, 'reset')).toBe((NOON + 120_000) / 1_000)
})

test.each([
  ['Unlimited', 2, 100],
  ['Business Plus', 5, 1_000],
  ['Enterprise', 4, 10_000],
] as const)('plan %s', async (plan, id, limit) => {
  const { fake, call } = await startSmall({ plan })
  const answer = await call('GET', `/v2/team/${fake.workspaceId}/plan`)
  expect(answer.body).toEqual({ plan_name: plan, plan_id: id })
  expect(header(answer.headers, 'limit')).toBe(limit)
})

test('the headers stand on answers without a valid token too, which count nowhere', async () => {
  const { call } = await startSmall()
  const answer = await call('GET', '/v2/user', undefined, 'nonsense')
  expect(header(answer.headers, 'remaining')).toBe(99)
  expect(header((await call('GET', '/v2/user')).headers, 'remaining')).toBe(99)
})

test('a personal token is sent alone, one of OAuth as Bearer', async () => {
  const { fake, ben, call } = await startSmall()
  const whoIs = async (authorization: string) => (await call('GET', '/v2/user', undefined, authorization)).body
  const [personal, oauth] = [fake.issueToken(ben.id), fake.issueOAuthToken(ben.id)]
  for (const right of [personal, `Bearer ${oauth}`]) expect(await whoIs(right)).toMatchObject({ user: { id: ben.id } })
  for (const wrong of [`Bearer ${personal}`, oauth]) expect(await whoIs(wrong)).toMatchObject({ ECODE: 'OAUTH_025' })
  fake.revokeToken(oauth)
  expect(await whoIs(`Bearer ${oauth}`)).toMatchObject({ ECODE: 'OAUTH_025' })
})

test('a revoked token and that of a disabled user are dead', async () => {
  const { fake, world, actor, ben, call } = await startSmall()
  const token = fake.issueToken(ben.id)
  expect((await call('GET', '/v2/user', undefined, token)).body).toMatchObject({ user: { id: ben.id } })
  world.disableUser(actor, ben.id)
  expect((await call('GET', '/v2/user', undefined, token)).body).toMatchObject({ ECODE: 'OAUTH_025' })
  fake.revokeToken(fake.tokens.service)
  expect((await call('GET', '/v2/user')).body).toMatchObject({ ECODE: 'OAUTH_025' })
})

test('a switch sets the limit below the plan', async () => {
  const { call } = await startSmall({ faults: { rateLimit: 1 } })
  expect((await call('GET', '/v2/user')).status).toBe(200)
  expect((await call('GET', '/v2/user')).status).toBe(429)
})

test('headers may tell another limit than the one that is kept', async () => {
  const { call } = await startSmall({ faults: { rateLimit: 2, toldRateLimit: 100 } })
  await call('GET', '/v2/user')
  const last = await call('GET', '/v2/user')
  expect([header(last.headers, 'limit'), header(last.headers, 'remaining')]).toEqual([100, 98])
  const refused = await call('GET', '/v2/user')
  expect(refused.status).toBe(429)
  expect([header(refused.headers, 'limit'), header(refused.headers, 'remaining')]).toEqual([100, 98])
})
