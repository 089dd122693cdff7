import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { buildRotateSigning } from '../../functions/rotate-signing/services.ts'
import { takeRotationStep } from '../../functions/shared/rotation-step.ts'
import { startStage } from './rotate-support.ts'

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
})
afterEach(() => stage.close())

const step = (change: Record<string, unknown> = {}) => ({
  Step: 'createSecret',
  SecretId: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hookline/dev/main/signing-AbCd12',
  ClientRequestToken: randomUUID(),
  ...change,
})

it('passes the test that a new schedule brings, before anything is connected, and changes nothing', async () => {
  const before = [await stage.valueOf('signing'), await stage.described('signing')]
  await stage.rotate('signing', false)
  expect([await stage.valueOf('signing'), await stage.described('signing')]).toEqual(before)
  expect(stage.lines).toMatchObject([
    {
      message: 'A step of a rotation was taken',
      fields: { connection: 'main', rotated: 'signing', step: 'testSecret' },
    },
  ])
})

it('replaces the webhook by one in the other slot, through the public route and under both secrets', async () => {
  stage.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  await stage.connect()
  const before = (await stage.signing()).slots
  stage.lines.length = 0
  const { labels } = await stage.rotate('signing')
  expect(labels).toContain('AWSCURRENT')
  const { slots } = await stage.signing()
  expect(slots).toMatchObject({
    a: { webhookId: before.a?.webhookId, secret: before.a?.secret, state: 'retiring' },
    b: { state: 'active' },
  })
  expect(slots.b?.secret).not.toBe(before.a?.secret)
  expect(stage.endpoints()).toEqual([stage.url('a'), stage.url('b')])
  expect(await stage.report('signing')).toMatchObject({ phase: 'done', waitsUntil: null })
  const taken = stage.lines.filter(({ message }) => message === 'A step of a rotation was taken')
  expect(taken.map(({ fields }) => fields?.['step'])).toEqual([
    ...['createSecret', 'setSecret', 'testSecret', 'finishSecret'],
  ])
  expect(stage.counted).not.toContain('RotationsFailed')
  for (const secret of [before.a?.secret, slots.b?.secret]) expect(JSON.stringify(stage.lines)).not.toContain(secret)
})

it('goes the way without an overlap where ClickUp refuses a second webhook', async () => {
  await stage.connect()
  const { labels } = await stage.rotate('signing')
  expect(labels).toContain('AWSCURRENT')
  expect((await stage.signing()).slots).toMatchObject({ b: { state: 'active' } })
  expect(stage.endpoints()).toEqual([stage.url('b')])
})

it('that fails for good counts, says why, leaves no AWSPENDING, and the next one may begin', async () => {
  stage.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  await stage.connect()
  const before = await stage.valueOf('signing')
  stage.clickup.faults.webhookRefusal = '403'
  const failed = await stage.rotate('signing')
  expect(failed.labels).toEqual([])
  expect(Object.values(await stage.described('signing')).flat()).not.toContain('AWSPENDING')
  expect(await stage.valueOf('signing')).toBe(before)
  expect(stage.counted.filter((name) => name === 'RotationsFailed')).toHaveLength(1)
  const reason = (await stage.report('signing'))?.detail
  expect(reason).toMatch(/^ClickUp .+\.$/)
  expect(stage.lines).toContainEqual({
    message: 'A rotation has failed',
    fields: { connection: 'main', rotated: 'signing', step: 'createSecret', run: failed.version, reason },
  })
  stage.clickup.faults.webhookRefusal = 'none'
  expect((await stage.rotate('signing')).labels).toContain('AWSCURRENT')
})

it('says whose secret is none of the stage’s, and what is no step', async () => {
  const take = (event: unknown) => takeRotationStep(event, stage.rotators.signing, 60_000)
  for (const name of ['hookline/dev/gone/signing', 'hookline/dev/main/token', 'hookline/prod/main/signing']) {
    const SecretId = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-AbCd12`
    await expect(take(step({ SecretId }))).rejects.toThrow(`has ${SecretId} for its signing secret: deploy the stage`)
  }
  await expect(take({ Records: [] })).rejects.toThrow('only Secrets Manager invokes this function')
  await expect(take(step({ Step: 'dropSecret' }))).rejects.toThrow('only Secrets Manager invokes this function')
})

it('finds the connection also where its name ends as an ARN does', () => {
  const { connectionOf } = stage.rotators.signing
  const arn = (name: string) => `arn:aws-cn:secretsmanager:cn-north-1:000000000000:secret:${name}`
  expect(connectionOf(arn('hookline/dev/ops/signing-x1y2z3'))).toBe('ops')
  expect(connectionOf(arn('hookline/dev/ops/signing-signing-x1y2z3'))).toBeUndefined()
})

it('says which variable is wrong', () => {
  expect(() => buildRotateSigning({ ...process.env, [ENV.rotationSettings]: '{"overlapMs":-1}' })).toThrow(
    ENV.rotationSettings,
  )
  expect(() => buildRotateSigning({ ...process.env, [ENV.signingCache]: 'often' })).toThrow(ENV.signingCache)
})
