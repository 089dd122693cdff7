import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { AWS_CALL, until } from './aws-call.ts'
import { arn, functionResources, type Resources, writeAssembly } from './cloud-assembly.ts'

/** Takes the four steps as the service's own examples do, and says which; before the test it waits for a word in another secret. */
const ROTATOR = `${AWS_CALL}
export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  console.log(Step)
  const { VersionIdsToStages: stages } = await aws('secretsmanager.DescribeSecret', { SecretId })
  if (!stages[ClientRequestToken]?.includes('AWSPENDING')) throw new Error('not pending')
  if (Step === 'createSecret') {
    await aws('secretsmanager.PutSecretValue', { SecretId, ClientRequestToken, SecretString: 'new', VersionStages: ['AWSPENDING'] })
  }
  if (Step === 'setSecret') {
    while (true) {
      const { SecretString } = await aws('secretsmanager.GetSecretValue', { SecretId: 'gate' })
      if (SecretString === 'open') break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  if (Step === 'finishSecret') {
    const current = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'))
    await aws('secretsmanager.UpdateSecretVersionStage', {
      SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current,
    })
  }
}`

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-??????`
const steps = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage']
const resources: Resources = {
  Rotated: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'stage/one/token', SecretString: 'old' } },
  Gate: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'gate', SecretString: 'shut' } },
  ...functionResources('Rotator', {
    code: 'rotator',
    statements: [
      { Action: steps.map((step) => `secretsmanager:${step}`), Resource: secretArn('stage/one/token') },
      { Action: 'secretsmanager:GetSecretValue', Resource: secretArn('gate') },
    ],
    // Lambda's longest.
    properties: { Timeout: 900 },
  }),
  ...functionResources('Other', { code: 'other', properties: { Timeout: 5 } }),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('Rotator'),
      Principal: 'secretsmanager.amazonaws.com',
      SourceArn: secretArn('stage/*/token'),
      SourceAccount: { Ref: 'AWS::AccountId' },
    },
  },
  Rotation: {
    Type: 'AWS::SecretsManager::RotationSchedule',
    Properties: {
      // By name, as one that comes from another stack.
      SecretId: 'stage/one/token',
      RotationLambdaARN: arn('Rotator'),
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    },
    DependsOn: ['Permission', 'RotatorRole', 'Rotated'],
  },
}
const code = { rotator: ROTATOR, other: 'export const handler = async () => "served"' }

describe('a rotation schedule', () => {
  const assembly = writeAssembly(resources, { code })
  const said: string[] = []
  let gateway: AwsGateway
  let stack: RunningStack
  let secrets: SecretsManagerClient
  beforeAll(async () => {
    gateway = await startAwsGateway()
    gateway.admit({ accessKeyId: 'TEST', name: 'test', statements: 'all' })
    const credentials = { accessKeyId: 'TEST', secretAccessKey: 'x' }
    secrets = new SecretsManagerClient({ endpoint: gateway.url, region: gateway.region, credentials })
    const onLog = (_name: string, line: string) => said.push(line)
    stack = await startStack({ assembly, gateway, outside: {}, maxProcesses: 1, onLog })
  })
  afterAll(async () => {
    secrets.destroy()
    await stack.close()
    await gateway.close()
    assembly[Symbol.dispose]()
  })

  const SecretId = 'stage/one/token'
  const describeSecret = () => secrets.send(new DescribeSecretCommand({ SecretId }))
  const value = async () => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString

  it('has its function tried when the stack starts, which leaves nothing, and tells the next date', async () => {
    await until('the step was tried', async () => {
      const { VersionIdsToStages = {} } = await describeSecret()
      return said.length > 0 && Object.values(VersionIdsToStages).flat().join() === 'AWSCURRENT'
    })
    expect(said).toEqual(['testSecret'])
    const { RotationEnabled, RotationRules, NextRotationDate } = await describeSecret()
    expect({ RotationEnabled, RotationRules }).toEqual({
      RotationEnabled: true,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    })
    const days = (NextRotationDate?.getTime() ?? 0) - Date.now()
    expect(Math.round(days / 86_400_000)).toBe(30)
  })

  it('rotates when it is due, with the rights of the role, and others are served while a step waits', async () => {
    said.length = 0
    const schedule = stack.schedules.find(({ name }) => name === SecretId)
    expect(schedule?.path).toBe('Rotation')
    await schedule?.fire()
    await until('it waits in the second step', () => said.includes('setSecret'))
    const other = stack.functions.find(({ path }) => path === 'Other')
    expect(await other?.invoke({})).toEqual({ kind: 'returned', payload: 'served' })
    expect(await value()).toBe('old')
    await secrets.send(new PutSecretValueCommand({ SecretId: 'gate', SecretString: 'open' }))
    await until('it is promoted', async () => (await value()) === 'new')
    expect(said).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
  })
})

describe('is refused, before anything runs,', () => {
  async function refusal(id: string, properties: Record<string, unknown>): Promise<string> {
    const given = resources[id]
    const changed = { ...resources, [id]: { Type: '', ...given, Properties: { ...given?.Properties, ...properties } } }
    using assembly = writeAssembly(changed, { code })
    const gateway = await startAwsGateway()
    try {
      const stack = await startStack({ assembly, gateway, outside: {} })
      await stack.close()
      return 'starts'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      await gateway.close()
    }
  }

  it('what would rotate a secret that is not there', async () => {
    expect(await refusal('Rotation', { SecretId: 'stage/two/token' })).toBe(
      'Rotation (AWS::SecretsManager::RotationSchedule Rotation): there is no secret stage/two/token to rotate',
    )
  })

  it('a function that Secrets Manager may invoke for other secrets, or for another account', async () => {
    const message =
      /^Rotation \(.*\): may not invoke Rotator: the template has no AWS::Lambda::Permission for secretsmanager\.amazonaws\.com/
    expect(await refusal('Permission', { SourceArn: secretArn('stage/*/signing') })).toMatch(message)
    expect(await refusal('Permission', { SourceAccount: '111111111111' })).toMatch(message)
  })

  it('rules that the service would not take', async () => {
    const rules = { ScheduleExpression: 'rate(1 hour)' }
    expect(await refusal('Rotation', { RotationRules: rules })).toMatch(/^Rotation \(.*\): .*four hours/)
  })
})
