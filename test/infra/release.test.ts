import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ENV } from '../../core/platform/env-names.ts'
import { TTL_ATTRIBUTE } from '../../core/platform/tables.ts'
import type { ConfigInput } from '../../infra/config.ts'
import { environmentOf, readable, rightsOf, roleOf } from './support/rights.ts'
import { find, only, type Synth, synth, type Template, text } from './support/template.ts'

let built: Synth
let service: Template
/** A release that changes the verifier, all at once; and one that changes everything else. */
let fix: Template
let other: Template
beforeAll(() => {
  built = synth()
  service = built.service
  fix = templateOf({ verifier: { timeoutSeconds: 4 }, deploy: { verifier: 'all-at-once' } })
  other = templateOf({ logDays: 7, ledgerDays: 40, consumer: { memoryMb: 1024 } })
})
afterAll(() => built?.remove())

function templateOf(input: ConfigInput): Template {
  const synthesized = synth(input)
  synthesized.remove()
  return synthesized.service
}

const fn = (name: string) =>
  find(service, 'AWS::Lambda::Function', ({ Properties }) => Properties['FunctionName'] === `hookline-prod-${name}`)
const versionIn = (template: Template) => only(template, 'AWS::Lambda::Version').id

const aliasSchema = z.looseObject({ DependsOn: z.array(z.string()), UpdatePolicy: z.unknown() })

describe('the alias', () => {
  it('stands for the published version, and the route calls it by it', () => {
    const alias = only(service, 'AWS::Lambda::Alias')
    expect(alias.Properties).toEqual({
      Name: 'live',
      FunctionName: { Ref: fn('verifier').id },
      FunctionVersion: { 'Fn::GetAtt': [versionIn(service), 'Version'] },
    })
    const route = find(service, 'AWS::ApiGatewayV2::Route', ({ Properties }) =>
      String(Properties['RouteKey']).startsWith('POST'),
    )
    const integration = find(service, 'AWS::ApiGatewayV2::Integration', ({ id }) =>
      JSON.stringify(route.Properties['Target']).includes(id),
    )
    expect(integration.Properties).toMatchObject({ IntegrationUri: { Ref: alias.id } })
  })

  it('is moved by CodeDeploy when the new version has been checked', () => {
    const { DependsOn, UpdatePolicy } = aliasSchema.parse(only(service, 'AWS::Lambda::Alias'))
    expect(UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: only(service, 'AWS::CodeDeploy::Application').id },
        DeploymentGroupName: { Ref: only(service, 'AWS::CodeDeploy::DeploymentGroup').id },
        BeforeAllowTrafficHook: { Ref: fn('check-release').id },
      },
    })
    // What CloudFormation sees in no property: the check knows the new version, and may invoke it, before it is asked.
    const before = [
      fn('check-release').id,
      roleOf(fn('check-release')),
      only(service, 'AWS::CodeDeploy::DeploymentGroup').id,
    ]
    expect(DependsOn).toEqual(expect.arrayContaining(before))
  })
})

describe('the version', () => {
  it('is another when the configuration of the verifier is, and only then', () => {
    expect(versionIn(fix)).not.toBe(versionIn(service))
    expect(versionIn(other)).toBe(versionIn(service))
  })

  it('stays when the next takes its place, to be pointed at again; one that was taken back is in the way of no second try', () => {
    expect(only(service, 'AWS::Lambda::Version')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    })
  })
})

describe('CodeDeploy', () => {
  const groupOf = (template: Template) => only(template, 'AWS::CodeDeploy::DeploymentGroup').Properties

  it('gives a new version a tenth for five minutes, and takes it back on the alarms of the verifier', () => {
    expect(groupOf(service)).toMatchObject({
      DeploymentGroupName: 'hookline-prod-verifier',
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      AlarmConfiguration: { Enabled: true },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    })
    const { Alarms } = z
      .looseObject({ Alarms: z.array(z.looseObject({ Name: z.string() })) })
      .parse(groupOf(service)['AlarmConfiguration'])
    expect(Alarms.length).toBeGreaterThanOrEqual(2)
    // Each is an alarm of this stack, and is there before CodeDeploy asks for its state.
    const { DependsOn } = aliasSchema.parse(only(service, 'AWS::Lambda::Alias'))
    for (const { Name } of Alarms) {
      const alarm = find(service, 'AWS::CloudWatch::Alarm', ({ Properties }) => Properties['AlarmName'] === Name)
      expect(DependsOn).toContain(alarm.id)
    }
  })

  it('gives it all at once and looks at no alarm where the config says so, and still has it checked', () => {
    expect(groupOf(fix)).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      AlarmConfiguration: { Enabled: false, Alarms: [] },
      AutoRollbackConfiguration: { Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    })
    expect(JSON.stringify(only(fix, 'AWS::Lambda::Alias'))).toContain('BeforeAllowTrafficHook')
  })

  it('may move this alias, call this hook and read alarms', () => {
    const role = text(groupOf(service)['ServiceRoleArn'], built.data)
    const policy = find(service, 'AWS::IAM::Policy', ({ Properties }) =>
      role.includes(text(z.array(z.unknown()).parse(Properties['Roles'])[0], built.data).replace(/[${}]/g, '')),
    )
    const { Statement } = z
      .looseObject({ Statement: z.array(z.looseObject({ Action: z.unknown(), Resource: z.unknown() })) })
      .parse(policy.Properties['PolicyDocument'])
    const verifier = { 'Fn::GetAtt': [fn('verifier').id, 'Arn'] }
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
        Resource: [verifier, { 'Fn::Join': ['', [verifier, ':live']] }],
      },
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [fn('check-release').id, 'Arn'] } },
      { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: expect.anything() },
    ])
  })
})

describe('check-release', () => {
  it('may read the signing secrets, invoke the one new version, and tell CodeDeploy', () => {
    const lines = rightsOf(built, fn('check-release')).map(({ action, resource }) =>
      readable(`${action} on ${resource}`),
    )
    expect(lines.sort()).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what CloudFormation substitutes
      'codedeploy:PutLifecycleEventHookExecutionStatus on arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:hookline-prod-verifier/hookline-prod-verifier',
      expect.stringMatching(/^lambda:InvokeFunction on \S*VerifierFunctionCurrentVersion\w+\}?$/),
      'logs:CreateLogStream on ReleaseCheckLogs',
      'logs:PutLogEvents on ReleaseCheckLogs',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what CloudFormation substitutes
      'secretsmanager:GetSecretValue on arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:hookline/prod/main/signing-??????',
    ])
    expect(environmentOf(built, fn('check-release'))[ENV.verifierVersion]).toBe(`\${${versionIn(service)}}`)
  })
})

const TEXT = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'rollback.md'), 'utf8')

it('docs/rollback.md names what the template has: the group, its alarms, the outputs and the attribute that expires', () => {
  const group = only(built.service, 'AWS::CodeDeploy::DeploymentGroup').Properties
  expect(TEXT).toContain(`--deployment-group-name ${group['DeploymentGroupName']}`)
  const { Alarms } = z
    .looseObject({ Alarms: z.array(z.object({ Name: z.string() })) })
    .parse(group['AlarmConfiguration'])
  const told = [...(/one of the alarms (.+?) goes off/.exec(TEXT)?.[1] ?? '').matchAll(/`(\w+)`/g)].map(
    ([, name]) => name,
  )
  expect(Alarms.map(({ Name }) => Name).sort()).toEqual(told.map((name) => `hookline-prod-${name}`).sort())
  const tables = Object.keys(built.data.Outputs).filter((name) => name.endsWith('Table'))
  expect(tables.sort()).toEqual(['LedgerTable', 'StateTable', 'TasksTable'])
  expect(TEXT).toContain(`AttributeName=${TTL_ATTRIBUTE}`)
})
