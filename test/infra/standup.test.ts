import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionsSchema } from '../../core/platform/connections.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { standupSettingsSchema } from '../../core/standup/settings.ts'
import { parseConfig } from '../../infra/load-config.ts'
import { standupSettingsOf } from '../../infra/standup/settings.ts'
import { environmentOf, eventSource } from './support/rights.ts'
import { arnOfQueue, assetOf, standupFunction, standupRights, WITH_STANDUP, WITHOUT_MODEL } from './support/standup.ts'
import { find, ofType, only, type Resource, type Synth, synth } from './support/template.ts'

let built: Synth
beforeAll(() => {
  built = synth(WITH_STANDUP)
})
afterAll(() => built.remove())

const queue = (name: string) => find(built.service, 'AWS::SQS::Queue', ({ id }) => id.startsWith(name))
const fileOf = (one: Synth, path: string) => readFileSync(join(one.outdir, assetOf(one), path), 'utf8')

it('is not there unless the config has it', () => {
  const without = synth({ connections: [{ name: 'main' }] })
  try {
    for (const type of ['AWS::Scheduler::Schedule', 'AWS::Scheduler::ScheduleGroup'])
      expect(ofType(without.service, type)).toEqual([])
    expect(JSON.stringify(without.service)).not.toMatch(/standup/i)
    expect(JSON.stringify(without.data)).not.toContain('hookline/prod/model')
  } finally {
    without.remove()
  }
})

describe('the function', () => {
  it('finds its settings and the prompts that they name beside its code', () => {
    const settings = standupSettingsSchema.parse(JSON.parse(fileOf(built, 'standup.json')))
    expect(settings).toEqual(standupSettingsOf(parseConfig(WITH_STANDUP)))
    const prompts = join(import.meta.dirname, '..', '..', 'prompts')
    for (const file of ['standup/v1', 'task/v1', 'field/v1'].flatMap((name) => [`${name}.md`, `${name}.words.txt`]))
      expect(fileOf(built, `prompts/${file}`)).toBe(readFileSync(join(prompts, file), 'utf8'))
    expect(fileOf(built, 'index.mjs')).toContain('standup.json')
  })

  it('may read what happened, write what it told, ask its model, and nothing more', () => {
    const items = (table: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} on ${table}`)
    const token = (connection: string) =>
      `secretsmanager:GetSecretValue on arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:hookline/prod/${connection}/token-??????`
    const bedrock = `bedrock:InvokeModel on arn:\${AWS::Partition}:bedrock`
    const profile = (geography: string) =>
      `${bedrock}:\${AWS::Region}:\${AWS::AccountId}:inference-profile/${geography}.amazon.nova-lite-v1:0`
    expect(standupRights(built)).toEqual(
      [
        ...items('Ledger', 'BatchGetItem', 'Query'),
        ...items('Ledger/index/byDay', 'Query'),
        ...items('Tasks', 'BatchGetItem', 'Query'),
        ...['byList', 'bySpace', 'byTimeDay'].flatMap((index) => items(`Tasks/index/${index}`, 'Query')),
        ...items('State', 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
        ...[token('main'), token('ops')],
        ...['us', 'eu', 'apac'].map(profile),
        `${bedrock}:*::foundation-model/amazon.nova-lite-v1:0`,
        'events:PutEvents on Bus',
        'logs:CreateLogStream on StandupFunctionLogs',
        'logs:PutLogEvents on StandupFunctionLogs',
        ...['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'].map(
          (action) => `sqs:${action} on StandupJobsQueue`,
        ),
      ].sort(),
    )
  })

  it('knows the connections that it is about, and no others', () => {
    const connections = connectionsSchema.parse(
      JSON.parse(environmentOf(built, standupFunction(built))[ENV.connections] ?? ''),
    )
    expect(connections.map(({ name }) => name)).toEqual(['main', 'ops'])
  })

  it('works one message at a time, two at once, and may meet its own again', () => {
    expect(standupFunction(built).Properties).toMatchObject({ MemorySize: 512, Timeout: 180, RecursiveLoop: 'Allow' })
    expect(eventSource(built, 'Standup').Properties).toMatchObject({
      EventSourceArn: arnOfQueue(built, 'StandupJobsQueue'),
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    expect(queue('StandupJobsQueue').Properties).toMatchObject({
      VisibilityTimeout: 6 * 180,
      MessageRetentionPeriod: 14 * 86_400,
      RedrivePolicy: { deadLetterTargetArn: arnOfQueue(built, 'StandupJobsFailed'), maxReceiveCount: 5 },
    })
  })

  it('may not ask Bedrock without a model, and reads a key where another provider wants one', () => {
    const anthropic = { provider: 'anthropic', id: 'claude-haiku-4-5' } as const
    const summaries = [{ name: 'daily', to: { event: true } }]
    const [without, keyed] = [synth(WITHOUT_MODEL), synth({ standup: { summaries, model: anthropic } })]
    try {
      const secret = expect.stringMatching(/GetSecretValue on .*:secret:hookline\/prod\/model-\?{6}$/)
      expect(standupRights(without).filter((line) => line.startsWith('bedrock:'))).toEqual([])
      expect(standupRights(without)).not.toContainEqual(secret)
      expect(standupRights(keyed).filter((line) => line.startsWith('bedrock:'))).toEqual([])
      expect(standupRights(keyed)).toContainEqual(secret)
      const [made] = ofType(keyed.data, 'AWS::SecretsManager::Secret').filter(
        ({ Properties }) => Properties['Name'] === 'hookline/prod/model',
      )
      expect(made).toMatchObject({
        Properties: { SecretString: '{"v":1,"key":null}' },
        // One that stayed would stop the deploy that wants one again: its name would be taken.
        DeletionPolicy: 'Delete',
      })
      for (const { data } of [without, built]) expect(JSON.stringify(data)).not.toContain('hookline/prod/model')
    } finally {
      without.remove()
      keyed.remove()
    }
  })

  it('asks Bedrock in the region that the config names', () => {
    const one = synth({
      standup: { summaries: [{ name: 'daily', to: { event: true } }], model: { region: 'eu-west-1' } },
    })
    try {
      const asked = standupRights(one).filter((line) => line.includes(':inference-profile/'))
      expect(asked.every((line) => line.includes(':bedrock:eu-west-1:'))).toBe(true)
      expect(asked.length).toBeGreaterThan(0)
    } finally {
      one.remove()
    }
  })
})

it('tasks that come into a status that a recipe waits for are put on the queue, from the stage’s bus', () => {
  const isOfStandup = ({ id }: Resource) => id.startsWith('StandupEvents')
  const { Properties } = find(built.service, 'AWS::Events::Rule', isOfStandup)
  expect(Properties).toMatchObject({
    EventBusName: { Ref: only(built.service, 'AWS::Events::EventBus').id },
    EventPattern: {
      source: ['hookline'],
      'detail-type': ['Task Status Changed'],
      detail: { connection: ['main'], after: { name: [{ 'equals-ignore-case': 'done' }] } },
    },
    Targets: [
      { Arn: arnOfQueue(built, 'StandupJobsQueue'), DeadLetterConfig: { Arn: arnOfQueue(built, 'StandupJobsFailed') } },
    ],
  })
})

it('the queue’s URL is told to the command line', () => {
  expect(built.service.Outputs['StandupQueueUrl']?.Value).toEqual({ Ref: queue('StandupJobsQueue').id })
})
