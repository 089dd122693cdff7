import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { startStack } from '../../local/stack/stack.ts'
import { until } from './aws-call.ts'
import { arn, functionResources, ref, writeAssembly } from './cloud-assembly.ts'

const rotator = functionResources('Rotator', { code: 'rotator' })

const resources = {
  Stated: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'stated', SecretString: '{"slots":{}}' } },
  Generated: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      GenerateSecretString: {
        SecretStringTemplate: '{"user":"u"}',
        GenerateStringKey: 'password',
        PasswordLength: 20,
        ExcludePunctuation: true,
      },
    },
  },
  ...rotator,
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('Rotator'),
      Principal: 'secretsmanager.amazonaws.com',
    },
  },
  Rotation: {
    Type: 'AWS::SecretsManager::RotationSchedule',
    Properties: {
      SecretId: ref('Stated'),
      RotationLambdaARN: arn('Rotator'),
      RotateImmediatelyOnUpdate: false,
      RotationRules: { AutomaticallyAfterDays: 30 },
    },
  },
}

it('secrets have the value that the template states or has made, and the function that rotates them', async () => {
  const code = { rotator: 'export const handler = async ({ Step }) => { console.log(Step) }' }
  using assembly = writeAssembly(resources, { code })
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'TEST', name: 'test', statements: 'all' })
  const steps: string[] = []
  const stack = await startStack({ assembly, gateway, outside: {}, onLog: (_name, line) => steps.push(line) })
  const credentials = { accessKeyId: 'TEST', secretAccessKey: 'x' }
  const secrets = new SecretsManagerClient({ endpoint: gateway.url, region: gateway.region, credentials })
  const secretValue = async (SecretId: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? ''

  expect(await secretValue('stated')).toBe('{"slots":{}}')
  const generated = Object.keys(stack.secrets).find((name) => name !== 'stated') ?? ''
  const made = z.object({ user: z.string(), password: z.string() }).parse(JSON.parse(await secretValue(generated)))
  expect(made).toEqual({ user: 'u', password: expect.stringMatching(/^[A-Za-z0-9]{20}$/) })

  const described = await secrets.send(new DescribeSecretCommand({ SecretId: stack.secrets['stated'] }))
  expect(described).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: stack.functions.find(({ path }) => path === 'Rotator')?.arn,
  })
  // Not rotated at once: the service only tries whether the function can be reached.
  await until('the step is tried', () => steps.length > 0)
  expect(steps).toEqual(['testSecret'])
  await stack.close()
  await gateway.close()
})
