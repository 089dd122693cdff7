import { randomUUID } from 'node:crypto'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, eventually, refusalOf } from './clients.ts'

const SecretId = 'hookline/token'
const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:rotate'
const eventSchema = z.strictObject({
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
  SecretId: z.string(),
  ClientRequestToken: z.string(),
  RotationToken: z.uuid(),
})
type RotationEvent = z.infer<typeof eventSchema>

let gateway: AwsGateway
let secrets: ReturnType<typeof clientsOf>['secrets']
let arn: string
let events: RotationEvent[]
/** What a step does besides the usual. */
let before: (event: RotationEvent) => void | Promise<void>

/** A rotation function as the templates of the service are written, a client of Secrets Manager like any other. */
async function rotate(event: RotationEvent): Promise<void> {
  await before(event)
  const { SecretId: id, ClientRequestToken: token } = event
  const described = await secrets.send(new DescribeSecretCommand({ SecretId: id }))
  const versions = described.VersionIdsToStages ?? {}
  if (described.RotationEnabled !== true || versions[token] === undefined) throw new Error('not in rotation')
  if (event.Step === 'createSecret') {
    const pending = new GetSecretValueCommand({ SecretId: id, VersionId: token, VersionStage: 'AWSPENDING' })
    const refused = await refusalOf(secrets.send(pending))
    if (refused.name !== 'ResourceNotFoundException') throw new Error(refused.message)
    const put = { SecretId: id, ClientRequestToken: token, SecretString: 'new', VersionStages: ['AWSPENDING'] }
    await secrets.send(new PutSecretValueCommand(put))
  }
  if (event.Step === 'finishSecret') {
    const current = Object.keys(versions).find((version) => versions[version]?.includes('AWSCURRENT'))
    const move = { MoveToVersionId: token, RemoveFromVersionId: current }
    await secrets.send(new UpdateSecretVersionStageCommand({ SecretId: id, VersionStage: 'AWSCURRENT', ...move }))
  }
}

beforeEach(async () => {
  gateway = await startAwsGateway({ clock: { now: () => 1_700_000_000_000 } })
  secrets = clientsOf(gateway, 'admin').secrets
  events = []
  before = () => undefined
  gateway.onInvoke(async (functionArn, payload) => {
    expect(functionArn).toBe(LAMBDA)
    const event = eventSchema.parse(payload)
    events.push(event)
    await rotate(event)
  })
  arn = (await gateway.createSecret({ name: SecretId, value: 'old', rotationLambdaArn: LAMBDA })).arn
})
afterEach(() => gateway.close())

const start = (input: { RotateImmediately?: boolean; ClientRequestToken?: string } = {}) =>
  secrets.send(new RotateSecretCommand({ SecretId, ...input }))
const describeSecret = () => secrets.send(new DescribeSecretCommand({ SecretId }))
const labelsOf = async (version: string | undefined) => (await describeSecret()).VersionIdsToStages?.[version ?? '']
const value = async (VersionStage: string) =>
  (await secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString
const rotated = () => eventually(async () => (await describeSecret()).LastRotatedDate)

describe('RotateSecret', () => {
  it('runs the four steps on a version that is pending and empty at first', async () => {
    const { VersionId: token, ARN } = await start()
    expect(ARN).toBe(arn)
    expect(await rotated()).toEqual(new Date(1_700_000_000_000))
    expect(events.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
    for (const event of events) expect(event).toMatchObject({ SecretId: arn, ClientRequestToken: token })
    expect(await labelsOf(token)).toEqual(['AWSPENDING', 'AWSCURRENT'])
    expect([await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['new', 'old'])
  })

  it('may follow a rotation that left AWSPENDING on the current version', async () => {
    await start()
    await rotated()
    const before = events.length
    const { VersionId: token } = await start()
    await eventually(async () => ((await labelsOf(token))?.includes('AWSCURRENT') === true ? true : undefined))
    expect(events.length).toBe(before + 4)
  })

  it('is refused while AWSPENDING is on another version than AWSCURRENT, until it is taken off', async () => {
    before = ({ Step }) => {
      if (Step === 'testSecret') throw new Error('the new token does not work')
    }
    const { VersionId: token } = await start()
    await eventually(async () => (events.length === 3 ? true : undefined))
    expect(await refusalOf(start())).toEqual({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    })
    expect(await labelsOf(token)).toEqual(['AWSPENDING'])
    expect(await value('AWSCURRENT')).toBe('old')
    expect((await describeSecret()).LastRotatedDate).toBeUndefined()
    expect(events.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret'])

    before = () => undefined
    const remove = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token }
    await secrets.send(new UpdateSecretVersionStageCommand({ SecretId, ...remove }))
    await start()
    await rotated()
    expect(await value('AWSCURRENT')).toBe('new')
  })

  it('leaves an empty pending version when the first step fails', async () => {
    before = () => {
      throw new Error('no')
    }
    const { VersionId: token } = await start()
    await eventually(async () => (events.length === 1 ? true : undefined))
    expect(await labelsOf(token)).toEqual(['AWSPENDING'])
    const pending = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPENDING' })
    expect(await refusalOf(secrets.send(pending))).toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('with the same token again does nothing', async () => {
    const ClientRequestToken = randomUUID()
    await start({ ClientRequestToken })
    await rotated()
    await start({ ClientRequestToken })
    expect(events).toHaveLength(4)
  })

  it('that shall not rotate now only tries the test step, on a copy of what is in force, and leaves nothing', async () => {
    let tried: string | undefined
    before = async () => {
      tried = await value('AWSPENDING')
    }
    const { VersionId: token } = await start({ RotateImmediately: false })
    await eventually(async () => ((await labelsOf(token)) === undefined ? true : undefined))
    expect(events.map(({ Step }) => Step)).toEqual(['testSecret'])
    expect([tried, await value('AWSCURRENT')]).toEqual(['old', 'old'])
  })

  it('needs a function', async () => {
    await gateway.createSecret({ name: 'plain', value: 'x' })
    expect(await refusalOf(secrets.send(new RotateSecretCommand({ SecretId: 'plain' })))).toMatchObject({
      name: 'InvalidRequestException',
    })
    const configured = new RotateSecretCommand({ SecretId: 'plain', RotationLambdaARN: LAMBDA })
    await secrets.send(configured)
    const described = new DescribeSecretCommand({ SecretId: 'plain' })
    expect(await secrets.send(described)).toMatchObject({ RotationEnabled: true, RotationLambdaARN: LAMBDA })
  })
})
