import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseConfig } from '../../infra/load-config.ts'
import { statementsOf } from '../../local/stack/iam/policy.ts'
import { ofType, type Resource, type Synth, synth } from './support/template.ts'

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0b3a3f0c-7e3e-4a39-8c0e-2f9d5a2f6f11'

let own: Synth
let aws: Synth
beforeAll(() => {
  own = synth({ encryptionKeyArn: KEY, archive: { days: 30 } })
  aws = synth({ archive: { days: 30 } })
})
afterAll(() => {
  own.remove()
  aws.remove()
})

const all = ({ data, service }: Synth, type: string) => [...ofType(data, type), ...ofType(service, type)]

/** Where each type keeps its key. */
const KEY_OF: Record<string, (properties: Resource['Properties']) => unknown> = {
  'AWS::DynamoDB::Table': ({ SSESpecification }) => z.looseObject({}).parse(SSESpecification)['KMSMasterKeyId'],
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SecretsManager::Secret': ({ KmsKeyId }) => KmsKeyId,
  'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
  'AWS::SNS::Topic': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::S3::Bucket': ({ BucketEncryption }) => {
    const [given] = JSON.stringify(BucketEncryption).match(/arn:aws:kms[^"]*/) ?? []
    return given
  },
}

describe.each(Object.entries(KEY_OF))('%s', (type, keyOf) => {
  it('is encrypted with the key that the config names, and with none of anybody’s otherwise', () => {
    const withKey = all(own, type)
    expect(withKey.length).toBeGreaterThan(0)
    expect(withKey.map(({ Properties }) => keyOf(Properties))).toEqual(withKey.map(() => KEY))
    expect(all(aws, type).map(({ Properties }) => keyOf(Properties))).toEqual(all(aws, type).map(() => undefined))
  })
})

it('changes nothing else of what holds data: neither its name nor anything that would replace it', () => {
  const rest = (one: Synth, type: string) =>
    ofType(one.data, type).map(({ id, Properties }) => {
      const { SSESpecification: _, KmsKeyId: __, ...others } = Properties
      return [id, others]
    })
  for (const type of ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret', 'AWS::ApiGatewayV2::Api'])
    expect(rest(own, type)).toEqual(rest(aws, type))
})

describe('rights on the key', () => {
  const statementSchema = z.looseObject({
    Action: z.union([z.string().array(), z.string().transform((one) => [one])]),
    Resource: z.unknown(),
    Condition: z.unknown().optional(),
  })
  const rightsOf = ({ service }: Synth) =>
    ofType(service, 'AWS::IAM::Policy').map(({ id, Properties }) => ({
      id,
      statements: z
        .looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(statementSchema) }) })
        .parse(Properties)
        .PolicyDocument.Statement.filter(({ Action }) => Action.some((action) => action.startsWith('kms:'))),
    }))
  /** The services through which a function may use the key, with what it may ask. */
  const of = (fn: string) =>
    Object.fromEntries(
      (rightsOf(own).find(({ id }) => id.startsWith(`${fn}Role`))?.statements ?? []).map(
        ({ Action, Resource, Condition }) => {
          expect(Resource).toBe(KEY)
          const [, through = ''] = /"(\w+)\./.exec(JSON.stringify(Condition)) ?? []
          return [through, Action.map((action) => action.replace('kms:', ''))]
        },
      ),
    )

  it('are there for each service that a function uses, and through that service only', () => {
    const table = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo']
    expect(of('Verifier')).toEqual({ secretsmanager: ['Decrypt'], sqs: ['Decrypt', 'GenerateDataKey'] })
    expect(of('Consumer')).toEqual({
      ...{ secretsmanager: ['Decrypt'], dynamodb: table, sqs: ['Decrypt', 'GenerateDataKey'] },
      s3: ['GenerateDataKey'],
    })
    expect(of('Guard')).toEqual({
      secretsmanager: ['Decrypt', 'GenerateDataKey'],
      ...{ dynamodb: table, sqs: ['Decrypt', 'GenerateDataKey'] },
    })
    expect(of('PulseFunction')).toEqual({ dynamodb: table })
    expect(of('HealthFunction')).toEqual({ dynamodb: ['Decrypt', 'DescribeKey'] })
  })

  it('are nobody’s without a key', () => {
    expect(rightsOf(aws).flatMap(({ statements }) => statements)).toEqual([])
  })

  it('have no part in the local stack, where nothing is encrypted; other conditions are refused there', () => {
    const condition = { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } }
    const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: KEY, Condition: condition })
    expect(statementsOf({ Statement: [statement('kms:Decrypt')] }, 'here')).toEqual([])
    expect(() => statementsOf({ Statement: [statement('sqs:SendMessage')] }, 'here')).toThrow(/Condition/)
  })
})

it('asks SQS for few data keys', () => {
  const seconds = all(own, 'AWS::SQS::Queue').map(({ Properties }) => Properties['KmsDataKeyReusePeriodSeconds'])
  expect(new Set(seconds)).toEqual(new Set([3600]))
})

it.each(['alias/mine', 'arn:aws:kms:eu-west-1:111122223333:alias/mine', ''])(
  'refuses %j for a key',
  (encryptionKeyArn) => {
    expect(() => parseConfig({ encryptionKeyArn })).toThrow(
      /^hookline\.config\.ts: encryptionKeyArn must be the ARN of a KMS key/,
    )
  },
)
