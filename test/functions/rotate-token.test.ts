import { afterEach, beforeEach, expect, it } from 'vitest'
import { CANDIDATE, parseTokenSecret } from '../../core/secrets/token.ts'
import { startStage } from './rotate-support.ts'

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
})
afterEach(() => stage.close())

const serviceId = () => stage.clickup.world.users()[0]?.id ?? 0
const labels = async () => Object.values(await stage.described('token')).flat()
const tokenInUse = async () => parseTokenSecret(await stage.valueOf('token')).token

it('passes the test that a new schedule brings, before anything is connected, and changes nothing', async () => {
  const before = [await stage.valueOf('token'), await stage.described('token')]
  await stage.rotate('token', false)
  expect([await stage.valueOf('token'), await stage.described('token')]).toEqual(before)
  expect(stage.lines).toMatchObject([
    { message: 'A step of a rotation was taken', fields: { connection: 'main', rotated: 'token', step: 'testSecret' } },
  ])
})

it('takes up the token that the operator has brought, tests it and puts it in force', async () => {
  await stage.connect()
  const brought = stage.clickup.issueToken(serviceId())
  await stage.putToken({ token: brought, since: 1_700_000_000_000 }, CANDIDATE)
  stage.lines.length = 0
  const rotated = await stage.rotate('token')
  expect(rotated.labels).toContain('AWSCURRENT')
  expect(await tokenInUse()).toBe(brought)
  expect(await labels()).not.toContain(CANDIDATE)
  expect(await stage.report('token')).toMatchObject({ phase: 'done', run: rotated.version })
  expect(JSON.stringify(stage.lines)).not.toContain(brought)
  expect(stage.endpoints()).toEqual([stage.url('a')])
})

it('a dead one changes nothing, says why, counts, and does not make the token in use look dead', async () => {
  await stage.connect()
  const before = await stage.valueOf('token')
  const dead = stage.clickup.issueToken(serviceId())
  stage.clickup.revokeToken(dead)
  await stage.putToken({ token: dead, since: 1_700_000_000_000 }, CANDIDATE)
  stage.counted.length = 0
  expect((await stage.rotate('token')).labels).not.toContain('AWSCURRENT')
  expect(await stage.valueOf('token')).toBe(before)
  expect(await labels()).not.toContain('AWSPENDING')
  expect(stage.counted.filter((name) => name === 'RotationsFailed')).toHaveLength(1)
  expect(stage.counted).not.toContain('TokenDead')
  const report = await stage.report('token')
  expect(report).toMatchObject({ phase: 'failed', detail: expect.stringMatching(/token/) })
  // The same process asks with the token in use at once: it tests it, and keeps it.
  const { version } = await stage.rotate('token')
  expect(await stage.report('token')).toMatchObject({ phase: 'done', run: version })
  expect(await tokenInUse()).toBe(stage.clickup.tokens.service)
  expect(await labels()).not.toContain('AWSPENDING')
})

it('of another user makes the webhook anew with that user’s rights, through the public route', async () => {
  await stage.connect()
  const before = (await stage.signing()).slots.a
  const other = stage.clickup.world.addUser({ username: 'Ona', email: 'ona@example.com', role: 2 })
  const brought = stage.clickup.issueToken(other.id)
  await stage.putToken({ token: brought, since: 1_700_000_000_000, takeover: true }, CANDIDATE)
  expect((await stage.rotate('token')).labels).toContain('AWSCURRENT')
  expect((await stage.signing()).slots).toMatchObject({
    a: { webhookId: before?.webhookId, state: 'retiring' },
    b: { state: 'active' },
  })
  expect(stage.endpoints()).toEqual([stage.url('a'), stage.url('b')])

  // The guard's process was warm with the former user's token, with which the new webhook is not listed.
  const settled = await stage.valueOf('signing')
  await stage.guard()
  expect(await stage.valueOf('signing')).toBe(settled)
  expect(stage.endpoints()).toEqual([stage.url('a'), stage.url('b')])
})
