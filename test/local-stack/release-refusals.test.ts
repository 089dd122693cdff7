import { describe, expect, it } from 'vitest'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { startStack } from '../../local/stack/stack.ts'
import {
  apiResources,
  arn,
  functionResources,
  type Resources,
  ref,
  routeResources,
  writeAssembly,
} from './cloud-assembly.ts'

const CODE = {
  mine: 'export const handler = async () => 1',
  silent: 'export const handler = async () => {}',
  broken: "export const handler = async () => { throw new Error('no variable') }",
}

const version: Resources = {
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: ref('Mine') } },
}
const alias = (
  updatePolicy: Record<string, unknown> = {},
  number: unknown = { 'Fn::GetAtt': ['Version', 'Version'] },
) => ({
  Alias: {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: ref('Mine'), FunctionVersion: number, Name: 'live' },
    UpdatePolicy: updatePolicy,
  },
})
const byCodeDeploy = {
  CodeDeployLambdaAliasUpdate: {
    ApplicationName: ref('Application'),
    DeploymentGroupName: ref('Group'),
    BeforeAllowTrafficHook: ref('Hook'),
  },
}
const ALIAS_RIGHTS = { Action: ['lambda:GetAlias', 'lambda:UpdateAlias'], Resource: '*' }
const HOOK_RIGHT = { Action: 'lambda:InvokeFunction', Resource: arn('Hook') }
const codeDeploy = (...statements: { Action: string | string[]; Resource: unknown }[]): Resources => ({
  Application: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
  Mover: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {},
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: { Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
        },
      ],
    },
  },
  Group: {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName: ref('Application'),
      ServiceRoleArn: arn('Mover'),
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    },
  },
})

const mine = functionResources('Mine', { code: 'mine' })
const hook = (code: keyof typeof CODE) => functionResources('Hook', { code })

/** Why a template does not start, or `starts`. */
async function refusal(resources: Resources): Promise<string> {
  using assembly = writeAssembly(resources, { code: CODE })
  const gateway = await startAwsGateway()
  try {
    const stack = await startStack({ assembly, gateway, outside: {} })
    await stack.close()
    return 'starts'
  } catch (error) {
    return String(error)
  } finally {
    await gateway.close()
  }
}

describe('an alias', () => {
  it.each([
    ['of a version that is not there', { ...mine, ...alias({}, '7') }, 'has no version 7 in the template'],
    [
      'with an update policy of another kind',
      { ...mine, ...version, ...alias({ AutoScalingRollingUpdate: {} }) },
      'has an update policy that is not supported',
    ],
    [
      'that is moved by a group of nobody',
      {
        ...{ ...mine, ...version, ...hook('silent') },
        ...alias({ CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: 'g' } }),
      },
      'the deployment group a/g is not in the template',
    ],
    [
      'that CodeDeploy may not move',
      { ...mine, ...version, ...hook('silent'), ...codeDeploy(HOOK_RIGHT), ...alias(byCodeDeploy) },
      'does not allow lambda:GetAlias on arn:aws:lambda:us-east-1:000000000000:function:',
    ],
    [
      'whose hook CodeDeploy may not call',
      { ...mine, ...version, ...hook('silent'), ...codeDeploy(ALIAS_RIGHTS), ...alias(byCodeDeploy) },
      'does not allow lambda:InvokeFunction on ',
    ],
    [
      'whose hook says nothing',
      { ...mine, ...version, ...hook('silent'), ...codeDeploy(ALIAS_RIGHTS, HOOK_RIGHT), ...alias(byCodeDeploy) },
      'Alias does not go live: its check did not say that it is in order',
    ],
    [
      'whose hook fails',
      { ...mine, ...version, ...hook('broken'), ...codeDeploy(ALIAS_RIGHTS, HOOK_RIGHT), ...alias(byCodeDeploy) },
      'Alias does not go live: its check did not say that it is in order',
    ],
  ])('%s is refused', async (_name, resources, reason) => {
    expect(await refusal(resources)).toContain(reason)
  })

  it('without CodeDeploy needs no check', async () => {
    expect(await refusal({ ...mine, ...version, ...alias() })).toBe('starts')
  })
})

describe('a route', () => {
  const withAlias = (permission: unknown): Resources => ({
    ...{ ...mine, ...version, ...alias(), ...apiResources, ...routeResources('Route', 'POST /x', 'Mine') },
    RouteIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: ref('Alias'),
        PayloadFormatVersion: '2.0',
      },
    },
    RoutePermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: permission, Principal: 'apigateway.amazonaws.com' },
    },
  })

  it('to an alias needs a permission for the alias: one for the function does not cover it', async () => {
    expect(await refusal(withAlias(ref('Mine')))).toContain('may not invoke Mine')
    expect(await refusal(withAlias(ref('Alias')))).toBe('starts')
  })
})
