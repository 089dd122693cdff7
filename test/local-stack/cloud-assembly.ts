import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Assembly, readAssembly } from '../../local/stack/assembly.ts'

export type Resources = Record<string, { Type: string; Properties?: Record<string, unknown>; [other: string]: unknown }>

/** A cloud assembly of one stack written by hand, as the CDK would write it. */
export function writeAssembly(
  resources: Resources,
  more: { code?: Record<string, string>; template?: Record<string, unknown>; environment?: string } = {},
): Assembly & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'local-stack-'))
  const write = (file: string, content: unknown) => writeFileSync(join(dir, file), JSON.stringify(content))
  for (const [name, source] of Object.entries(more.code ?? {})) {
    mkdirSync(join(dir, `asset.${name}`))
    writeFileSync(join(dir, `asset.${name}`, 'index.mjs'), source)
  }
  write('manifest.json', {
    artifacts: {
      'Test.assets': { type: 'cdk:asset-manifest', properties: { file: 'Test.assets.json' } },
      Test: {
        type: 'aws:cloudformation:stack',
        environment: more.environment ?? 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Test.template.json' },
        dependencies: ['Test.assets'],
      },
    },
  })
  write('Test.template.json', { Resources: resources, ...more.template })
  write('Test.assets.json', {
    files: Object.fromEntries(
      Object.keys(more.code ?? {}).map((name) => [
        name,
        {
          source: { path: `asset.${name}`, packaging: 'zip' },
          destinations: { here: { bucketName: 'assets', objectKey: `${name}.zip` } },
        },
      ]),
    ),
  })
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    return { ...readAssembly(dir), [Symbol.dispose]: remove }
  } catch (error) {
    remove()
    throw error
  }
}

export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
export const ref = (id: string) => ({ Ref: id })

/** A function and its role, which allows what the statements say. */
export function functionResources(
  id: string,
  options: {
    code: string
    statements?: { Action: string | string[]; Resource: unknown }[]
    properties?: Record<string, unknown>
  },
): Resources {
  const statements = options.statements ?? [{ Action: 'logs:PutLogEvents', Resource: '*' }]
  return {
    [`${id}Role`]: {
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
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${options.code}.zip` },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: arn(`${id}Role`),
        ...options.properties,
      },
    },
  }
}

/** A route of the API `Api` to a function, with the permission that API Gateway needs. */
export function routeResources(id: string, key: string, functionId: string): Resources {
  return {
    [`${id}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arn(functionId),
        PayloadFormatVersion: '2.0',
      },
    },
    [id]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref('Api'),
        RouteKey: key,
        Target: { 'Fn::Join': ['/', ['integrations', ref(`${id}Integration`)]] },
      },
    },
    [`${id}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn(functionId),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: what CloudFormation substitutes
          'Fn::Sub': ['arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*${path}', { path: pathIn(key) }],
        },
      },
    },
  }
}

const pathIn = (key: string) => key.split(' ')[1] ?? ''

export const apiResources: Resources = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'test', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
  },
}
