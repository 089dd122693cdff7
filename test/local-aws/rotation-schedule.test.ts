import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, eventually, refusalOf } from './clients.ts'

const SecretId = 'hookline/token'
const RotationLambdaARN = 'arn:aws:lambda:us-east-1:000000000000:function:rotate'
const DAY = 86_400_000
const START = 1_700_000_000_000

let now: number
let gateway: AwsGateway
let secrets: ReturnType<typeof clientsOf>['secrets']
let steps: string[]
/** What the function does in a step. */
let take: (step: string, version: string) => Promise<unknown>

const eventSchema = z.looseObject({ Step: z.string(), ClientRequestToken: z.string() })

beforeEach(async () => {
  now = START
  gateway = await startAwsGateway({ clock: { now: () => now }, retryRotationAfterMs: [1, 1] })
  secrets = clientsOf(gateway, 'admin').secrets
  steps = []
  take = async () => undefined
  gateway.onInvoke(async (_functionArn, payload) => {
    const { Step, ClientRequestToken } = eventSchema.parse(payload)
    steps.push(Step)
    await take(Step, ClientRequestToken)
  })
  await gateway.createSecret({ name: SecretId, value: 'old' })
})
afterEach(() => gateway.close())

const rotate = (input: Partial<RotateSecretCommand['input']> = {}) =>
  secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN, ...input }))
const described = () => secrets.send(new DescribeSecretCommand({ SecretId }))
const cancel = () => secrets.send(new CancelRotateSecretCommand({ SecretId }))
const holderOf = async (label: string) =>
  Object.entries((await described()).VersionIdsToStages ?? {}).find(([, labels]) => labels.includes(label))?.[0]
const stepsAre = (count: number) => eventually(async () => (steps.length === count ? true : undefined))
/** As a function does that ends well. */
const fill = (ClientRequestToken: string) =>
  secrets.send(
    new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: 'new', VersionStages: ['AWSPENDING'] }),
  )
const promote = async (MoveToVersionId: string) => {
  const RemoveFromVersionId = await holderOf('AWSCURRENT')
  const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId }
  await secrets.send(new UpdateSecretVersionStageCommand(move))
}

describe('NextRotationDate', () => {
  const schedule = (RotationRules: RotateSecretCommand['input']['RotationRules']) =>
    rotate({ RotateImmediately: false, RotationRules })

  it('is there once a schedule is set, in days or as a rate', async () => {
    expect((await described()).NextRotationDate).toBeUndefined()
    await schedule({ ScheduleExpression: 'rate(30 days)' })
    expect(await described()).toMatchObject({
      RotationEnabled: true,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      NextRotationDate: new Date(START + 30 * DAY),
    })
    await stepsAre(1)
    await eventually(async () => ((await holderOf('AWSPENDING')) === undefined ? true : undefined))
    await schedule({ AutomaticallyAfterDays: 7 })
    expect((await described()).NextRotationDate).toEqual(new Date(START + 7 * DAY))
  })

  it('counts from the last rotation, and from a value that was put by hand', async () => {
    await schedule({ ScheduleExpression: 'rate(1 day)' })
    await stepsAre(1)
    await eventually(async () => ((await holderOf('AWSPENDING')) === undefined ? true : undefined))
    now += 10 * DAY
    take = async (step, version) => {
      if (step === 'createSecret') await fill(version)
      if (step === 'finishSecret') await promote(version)
    }
    await rotate()
    await eventually(async () => (await described()).LastRotatedDate)
    expect((await described()).NextRotationDate).toEqual(new Date(START + 11 * DAY))
    now += DAY
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'by hand' }))
    expect((await described()).NextRotationDate).toEqual(new Date(START + 12 * DAY))
  })

  it('is not there for what the local stack does not read, which is refused', async () => {
    const refused = [
      { ScheduleExpression: 'cron(0 12 ? * SUN *)' },
      { ScheduleExpression: 'rate(1 hour)' },
      { ScheduleExpression: 'rate(1 day)', AutomaticallyAfterDays: 1 },
    ]
    for (const rules of refused) expect(await refusalOf(schedule(rules))).toMatchObject({ name: 'ValidationException' })
    expect((await described()).RotationEnabled).toBe(false)
  })
})

describe('CancelRotateSecret', () => {
  it('takes no further step of what is under way, leaves its labels, and switches the schedule off', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    take = async (step, version) => {
      if (step === 'createSecret') await fill(version)
      if (step === 'setSecret') await promise
    }
    const { VersionId } = await rotate({ RotationRules: { AutomaticallyAfterDays: 30 } })
    await stepsAre(2)
    expect((await cancel()).VersionId).toBe(VersionId)
    resolve()
    const after = await described()
    expect(after).toMatchObject({ RotationEnabled: false, RotationLambdaARN })
    expect(after.NextRotationDate).toBeUndefined()
    expect(await holderOf('AWSPENDING')).toBe(VersionId)
    expect(await refusalOf(rotate())).toMatchObject({ name: 'InvalidRequestException' })
    expect(steps).toEqual(['createSecret', 'setSecret'])
  })

  it('is undone by RotateSecret, which need not name the function again', async () => {
    await rotate({ RotateImmediately: false, RotationRules: { AutomaticallyAfterDays: 30 } })
    await stepsAre(1)
    await eventually(async () => ((await holderOf('AWSPENDING')) === undefined ? true : undefined))
    expect((await cancel()).VersionId).toBeUndefined()
    await secrets.send(new RotateSecretCommand({ SecretId }))
    expect(await described()).toMatchObject({ RotationEnabled: true, NextRotationDate: new Date(START + 30 * DAY) })
  })

  it('is refused for a secret that never had a function', async () => {
    expect(await refusalOf(cancel())).toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('a rotation that failed', () => {
  it('is tried again from its first step with the same version, and may end well', async () => {
    const versions = new Set<string>()
    take = async (step, version) => {
      versions.add(version)
      if (step === 'createSecret') await fill(version)
      if (step === 'testSecret' && steps.length < 4) throw new Error('not yet')
      if (step === 'finishSecret') await promote(version)
    }
    const { VersionId } = await rotate()
    await eventually(async () => (await described()).LastRotatedDate)
    expect(steps).toEqual([
      ...['createSecret', 'setSecret', 'testSecret'],
      ...['createSecret', 'setSecret', 'testSecret', 'finishSecret'],
    ])
    expect([...versions]).toEqual([VersionId])
    expect(await holderOf('AWSCURRENT')).toBe(VersionId)
  })

  it('is given up after some tries, with AWSPENDING left where it is', async () => {
    take = () => Promise.reject(new Error('never'))
    const { VersionId } = await rotate()
    await stepsAre(3)
    expect(await holderOf('AWSPENDING')).toBe(VersionId)
    expect(await refusalOf(rotate())).toMatchObject({ name: 'InvalidRequestException' })
  })

  it('is not tried again once its function has taken AWSPENDING off, and the next one may begin', async () => {
    take = async (_step, RemoveFromVersionId) => {
      const remove = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId }
      await secrets.send(new UpdateSecretVersionStageCommand(remove))
      throw new Error('given up')
    }
    await rotate()
    await eventually(async () => ((await holderOf('AWSPENDING')) === undefined ? true : undefined))
    take = async (step, version) => {
      if (step === 'createSecret') await fill(version)
      if (step === 'finishSecret') await promote(version)
    }
    await rotate()
    await eventually(async () => (await described()).LastRotatedDate)
    expect(steps).toEqual(['createSecret', 'createSecret', 'setSecret', 'testSecret', 'finishSecret'])
  })
})
