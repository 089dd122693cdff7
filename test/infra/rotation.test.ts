import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ENV } from '../../core/platform/env-names.ts'
import { environmentOf, readable, rightsOf, roleOf } from './support/rights.ts'
import { find, ofType, type Synth, synth, text } from './support/template.ts'

let built: Synth
beforeAll(() => {
  built = synth({ connections: [{ name: 'main' }, { name: 'ops' }] })
})
afterAll(() => built.remove())

const KINDS = [
  { kind: 'signing', fn: 'rotate-signing' },
  { kind: 'token', fn: 'rotate-token' },
]
const functionOf = (name: string) =>
  find(
    built.service,
    'AWS::Lambda::Function',
    ({ Properties }) => Properties['FunctionName'] === `hookline-prod-${name}`,
  )
const schedulesOf = (name: string) =>
  ofType(built.service, 'AWS::SecretsManager::RotationSchedule').filter(
    ({ Properties }) => text(Properties['RotationLambdaARN'], built.data) === `\${${functionOf(name).id}.Arn}`,
  )
const permissionOf = (name: string) =>
  find(
    built.service,
    'AWS::Lambda::Permission',
    ({ Properties }) => text(Properties['FunctionName'], built.data) === `\${${functionOf(name).id}.Arn}`,
  )
const arn = (rest: string) => `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${rest}`

describe.each(KINDS)('$fn', ({ kind, fn }) => {
  it('rotates that secret of every connection, by the clock and not because of a deploy', () => {
    expect(schedulesOf(fn).map(({ Properties }) => Properties)).toEqual(
      ['main', 'ops'].map((connection) => ({
        // By name: an import from the other stack would stop the removal of a connection.
        SecretId: `hookline/prod/${connection}/${kind}`,
        RotationLambdaARN: { 'Fn::GetAtt': [functionOf(fn).id, 'Arn'] },
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        RotateImmediatelyOnUpdate: false,
      })),
    )
  })

  it('is invoked by Secrets Manager alone, for this account’s secrets', () => {
    const { Properties } = permissionOf(fn)
    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    })
  })

  it('may be called and may do its work before there is a schedule, which is tried at once', () => {
    const role = roleOf(functionOf(fn))
    const policy = find(built.service, 'AWS::IAM::Policy', ({ Properties }) =>
      JSON.stringify(Properties['Roles']).includes(role),
    )
    const dependsOn = z.looseObject({ DependsOn: z.array(z.string()) })
    for (const schedule of schedulesOf(fn))
      expect(dependsOn.parse(schedule).DependsOn.toSorted()).toEqual([permissionOf(fn).id, policy.id, role].toSorted())
  })

  it('has Lambda’s longest time, because it waits for the verifiers, and is told the overlap', () => {
    expect(functionOf(fn).Properties).toMatchObject({ Timeout: 900, MemorySize: 256, RecursiveLoop: 'Terminate' })
    const environment = environmentOf(built, functionOf(fn))
    expect(JSON.parse(environment[ENV.rotationSettings] ?? '')).toEqual({ overlapMs: 3_600_000 })
    expect(Object.keys(environment).toSorted()).toEqual(
      [
        ...[ENV.stage, ENV.connections, ENV.stateTable, ENV.apiUrl, ENV.jobsQueueUrl, ENV.guardQueueUrl],
        ENV.rotationSettings,
      ].toSorted(),
    )
  })

  it('has the rights of the four steps on its own secrets, and on the others no more than it needs', () => {
    const secrets = (of: string, ...actions: string[]) =>
      ['main', 'ops'].flatMap((connection) =>
        actions.map((action) => `secretsmanager:${action} on ${arn(`hookline/prod/${connection}/${of}-??????`)}`),
      )
    const steps = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage']
    // A token of another user makes the webhooks anew, so its function stores their secrets, too.
    const others = kind === 'signing' ? secrets('token', 'GetSecretValue') : secrets('signing', ...steps.slice(1, 3))
    const logs = kind === 'signing' ? 'RotationsSigningLogs' : 'RotationsTokenLogs'
    const lines = rightsOf(built, functionOf(fn)).map(({ action, resource }) => readable(`${action} on ${resource}`))
    expect(lines.toSorted()).toEqual(
      [
        ...['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} on State`),
        `logs:CreateLogStream on ${logs}`,
        `logs:PutLogEvents on ${logs}`,
        ...secrets(kind, ...steps),
        ...others,
        'sqs:SendMessage on GuardJobsQueue',
        'sqs:SendMessage on JobsQueue',
      ].toSorted(),
    )
  })
})

it('nothing but the two functions may move the labels of a secret', () => {
  const movers = ofType(built.service, 'AWS::Lambda::Function').filter((each) =>
    rightsOf(built, each).some(({ action }) => action === 'secretsmanager:UpdateSecretVersionStage'),
  )
  expect(movers.map(({ Properties }) => Properties['FunctionName'])).toEqual(
    KINDS.map(({ fn }) => `hookline-prod-${fn}`),
  )
})

it('no function is told how long verifiers keep a secret: that is for checks that press time together', () => {
  for (const each of ofType(built.service, 'AWS::Lambda::Function'))
    expect(environmentOf(built, each)).not.toHaveProperty(ENV.signingCache)
})
