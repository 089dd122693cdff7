import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ASSUMED, DEPLOYED } from '../../core/cost/measured.ts'
import { ofType, type Synth, synth } from './support/template.ts'

let built: Synth
beforeAll(() => {
  built = synth({ logDays: 14, tags: { team: 'platform', 'cost-centre': '42' }, archive: { days: 30 } })
})
afterAll(() => built.remove())

const resources = () =>
  [built.data, built.service].flatMap(({ Resources }) =>
    Object.entries(Resources).map(([id, resource]) => ({ id, ...resource })),
  )

describe('logs', () => {
  it('are kept for the configured days, of every function and of the API', () => {
    const groups = [...ofType(built.data, 'AWS::Logs::LogGroup'), ...ofType(built.service, 'AWS::Logs::LogGroup')]
    expect(new Set(groups.map(({ Properties }) => Properties['RetentionInDays']))).toEqual(new Set([14]))
    // One each, so that Lambda makes none of its own, which would be kept for ever.
    const loggingSchema = z.looseObject({ LoggingConfig: z.looseObject({ LogGroup: z.object({ Ref: z.string() }) }) })
    const functions = ofType(built.service, 'AWS::Lambda::Function')
    const named = functions.map(({ Properties }) => loggingSchema.parse(Properties).LoggingConfig.LogGroup.Ref)
    expect(new Set(named).size).toBe(functions.length)
    expect(groups.length).toBe(functions.length + 1)
  })
})

it('is what the cost model counts', () => {
  const count = (type: string) => resources().filter(({ Type }) => Type === type).length
  expect(count('AWS::Lambda::EventSourceMapping')).toBe(ASSUMED.queues)
  expect(count('AWS::CloudWatch::Dashboard')).toBe(DEPLOYED.dashboards)
  expect(count('AWS::SecretsManager::Secret')).toBe(DEPLOYED.secretsPerConnection)
})

/** What takes no tags, by CloudFormation's reference, and what is no resource of its own on the bill or in the console. */
const UNTAGGED = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Policy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::RotationSchedule',
])

describe('tags', () => {
  const tagSchema = z.union([
    z
      .array(z.object({ Key: z.string(), Value: z.string() }))
      .transform((tags) => tags.map(({ Key, Value }) => [Key, Value])),
    z.record(z.string(), z.string()).transform((tags) => Object.entries(tags)),
  ])

  it('are on everything that takes them', () => {
    const tagged = resources().filter(({ Type }) => !UNTAGGED.has(Type))
    expect(tagged.length).toBeGreaterThan(60)
    const without = tagged.filter(({ Properties }) => {
      const tags = tagSchema.safeParse(Properties['Tags'])
      const given = Object.fromEntries(tags.success ? tags.data : [])
      return given['team'] !== 'platform' || given['cost-centre'] !== '42'
    })
    expect(without.map(({ Type, id }) => `${Type} ${id}`)).toEqual([])
  })

  it('are missing only where there can be none', () => {
    const types = new Set(resources().map(({ Type }) => Type))
    expect([...UNTAGGED].filter((type) => !types.has(type))).toEqual(['AWS::SNS::Subscription'])
  })
})
