import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { connectionsSchema } from '../../core/platform/connections.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import { environmentOf, eventSource, readable, rightsOf, roleOf } from './support/rights.ts'
import { find, ofType, only, type Resource, type Synth, synth, type Template, text } from './support/template.ts'

let built: Synth
let service: Template
beforeAll(() => {
  built = synth()
  service = built.service
})
afterAll(() => built.remove())

const fn = (name: string) =>
  find(service, 'AWS::Lambda::Function', ({ Properties }) => Properties['FunctionName'] === `hookline-prod-${name}`)
const queue = (name: string) => find(service, 'AWS::SQS::Queue', ({ id }) => id.startsWith(name))

describe('functions', () => {
  it('are these nine, each on Node.js 24 and arm64, with limits, JSON logs and a role of its own', () => {
    const all = ofType(service, 'AWS::Lambda::Function')
    expect(all.map(({ Properties }) => Properties['FunctionName'])).toEqual([
      'hookline-prod-verifier',
      'hookline-prod-consumer',
      'hookline-prod-sync',
      'hookline-prod-guard',
      'hookline-prod-rotate-signing',
      'hookline-prod-rotate-token',
      'hookline-prod-pulse',
      'hookline-prod-health',
      'hookline-prod-check-release',
    ])
    for (const { Properties } of all) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: expect.any(Number),
        Timeout: expect.any(Number),
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
      })
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions')
    }
    expect(new Set(all.map(roleOf)).size).toBe(all.length)
  })

  it('of which the consumer has a small young generation, and as much of an old one as Lambda would give it', () => {
    expect(environmentOf(built, fn('consumer'))).toMatchObject({
      NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=460',
    })
    expect(environmentOf(built, fn('sync'))).not.toHaveProperty('NODE_OPTIONS')
  })

  it('log into groups of their own, kept for the configured days', () => {
    expect(ofType(service, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties)).toEqual(
      [
        ...['verifier', 'consumer', 'sync', 'guard', 'rotate-signing', 'rotate-token'],
        ...['pulse', 'health', 'check-release'],
      ].map((name) => ({
        LogGroupName: `/aws/lambda/hookline-prod-${name}`,
        RetentionInDays: 30,
      })),
    )
  })

  it('come with their bundled code', () => {
    for (const { Metadata } of ofType(service, 'AWS::Lambda::Function'))
      expect(existsSync(join(built.outdir, z.string().parse(Metadata['aws:asset:path']), 'index.mjs'))).toBe(true)
  })
})

describe('rights', () => {
  const lines = (name: string) =>
    rightsOf(built, fn(name))
      .map(({ action, resource }) => readable(`${action} on ${resource}`))
      .sort()
  const secret = (name: string) =>
    `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:hookline/prod/main/${name}-??????`

  it('verifier: its log, the signing secrets, putting on the queue', () => {
    expect(lines('verifier')).toEqual([
      'logs:CreateLogStream on VerifierLogs',
      'logs:PutLogEvents on VerifierLogs',
      `secretsmanager:GetSecretValue on ${secret('signing')}`,
      'sqs:SendMessage on DeliveriesQueue',
    ])
  })

  const items = (table: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} on ${table}`)
  const polls = (queueName: string) =>
    ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => `sqs:${action} on ${queueName}`)

  it('consumer: its log, the tokens, items of the three tables, its queue, the quarantine, the bus', () => {
    expect(lines('consumer')).toEqual(
      [
        ...items('Ledger', 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'),
        ...items('Tasks', 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'),
        ...items('State', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
        'events:PutEvents on Bus',
        'logs:CreateLogStream on ConsumerLogs',
        'logs:PutLogEvents on ConsumerLogs',
        `secretsmanager:GetSecretValue on ${secret('token')}`,
        'sqs:ChangeMessageVisibility on DeliveriesQueue',
        'sqs:DeleteMessage on DeliveriesQueue',
        'sqs:GetQueueAttributes on DeliveriesQueue',
        'sqs:ReceiveMessage on DeliveriesQueue',
        'sqs:SendMessage on DeliveriesQuarantine',
        'sqs:SendMessage on DeliveriesQueue',
      ].sort(),
    )
  })

  it('sync: its log, the tokens, reading tasks, the state, putting on the queues, the bus', () => {
    expect(lines('sync')).toEqual(
      [
        ...items('Tasks', 'BatchGetItem'),
        ...items('Tasks/index/byList', 'Query'),
        ...items('Tasks/index/byTimeDay', 'Query'),
        ...items('State', 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
        'events:PutEvents on Bus',
        'logs:CreateLogStream on SyncLogs',
        'logs:PutLogEvents on SyncLogs',
        `secretsmanager:GetSecretValue on ${secret('token')}`,
        ...polls('JobsQueue'),
        'sqs:SendMessage on JobsQueue',
        'sqs:SendMessage on GuardJobsQueue',
        'sqs:SendMessage on DeliveriesQueue',
      ].sort(),
    )
  })

  it('guard: its log, the token, the signing secrets, the state, its queue and that of the jobs', () => {
    expect(lines('guard')).toEqual(
      [
        ...items('State', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
        'logs:CreateLogStream on GuardLogs',
        'logs:PutLogEvents on GuardLogs',
        `secretsmanager:GetSecretValue on ${secret('token')}`,
        `secretsmanager:GetSecretValue on ${secret('signing')}`,
        `secretsmanager:PutSecretValue on ${secret('signing')}`,
        ...polls('GuardJobsQueue'),
        'sqs:SendMessage on GuardJobsQueue',
        'sqs:SendMessage on JobsQueue',
      ].sort(),
    )
  })

  it('pulse: its log, what is stored of the connections, and nothing secret', () => {
    const logs = ['logs:CreateLogStream on PulseFunctionLogs', 'logs:PutLogEvents on PulseFunctionLogs']
    expect(lines('pulse')).toEqual([...items('State', 'BatchGetItem', 'GetItem', 'PutItem'), ...logs])
  })

  it('health: its log, and reading what is stored of the connections', () => {
    const logs = ['logs:CreateLogStream on HealthFunctionLogs', 'logs:PutLogEvents on HealthFunctionLogs']
    expect(lines('health')).toEqual([...items('State', 'BatchGetItem', 'GetItem'), ...logs])
  })

  it('have no asterisk, no managed policy and no policy inside the role', () => {
    for (const each of ofType(service, 'AWS::Lambda::Function').flatMap((resource) => rightsOf(built, resource)))
      expect(`${each.action} ${each.resource}`).not.toContain('*')
    const roles = ofType(service, 'AWS::IAM::Role')
    // One for each function, and CodeDeploy's.
    expect(roles).toHaveLength(ofType(service, 'AWS::Lambda::Function').length + 1)
    for (const { Properties } of roles) expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument'])
  })

  it('are given together with the variables that need them, in both directions', () => {
    for (const resource of ofType(service, 'AWS::Lambda::Function')) {
      const environment = environmentOf(built, resource)
      const named = new Set(Object.values(environment).flatMap((value) => /^\$\{(\w+)\}$/.exec(value)?.[1] ?? []))
      const usable = new Set(
        rightsOf(built, resource)
          .filter(({ action }) => !action.startsWith('logs:'))
          // An index is a part of its table.
          .flatMap((right) => /^\$\{(\w+?)(?:\.Arn)?\}(\/index\/\w+)?$/.exec(right.resource)?.[1] ?? []),
      )
      expect(named).toEqual(usable)
    }
  })

  it('cover the secrets of exactly the connections that the function is told of', () => {
    const secretless = [fn('pulse').id, fn('health').id]
    for (const resource of ofType(service, 'AWS::Lambda::Function').filter(({ id }) => !secretless.includes(id))) {
      const environment = environmentOf(built, resource)
      const connections = connectionsSchema.parse(JSON.parse(environment[ENV.connections] ?? ''))
      const readableSecrets = rightsOf(built, resource).filter(({ action }) => action.startsWith('secretsmanager:'))
      const named = readableSecrets.map((right) => /:secret:hookline\/prod\/([^/]+)\//.exec(right.resource)?.[1])
      expect([...new Set(named)]).toEqual(connections.map(({ name }) => name))
    }
  })

  it('let API Gateway alone call the verifier, for the one route', () => {
    const isOfVerifier = ({ Properties }: Resource) => text(Properties['FunctionName'], built.data).includes('Verifier')
    const permission = find(service, 'AWS::Lambda::Permission', isOfVerifier).Properties
    expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' })
    expect(text(permission['FunctionName'], built.data)).toBe(`\${${only(service, 'AWS::Lambda::Alias').id}}`)
    expect(text(permission['SourceArn'], built.data)).toMatch(
      /\$\{WebhooksApi\w+\}\/\*\/\*\/webhooks\/clickup\/\{connection\}\/\{slot\}$/,
    )
  })
})

describe('queues', () => {
  it('are encrypted, keep 14 days, and the quarantine takes what was received five times', () => {
    expect(ofType(service, 'AWS::SQS::Queue')).toHaveLength(6)
    const common = { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 }
    expect(queue('DeliveriesQuarantine').Properties).toEqual(common)
    expect(queue('DeliveriesQueue').Properties).toMatchObject({
      ...common,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [queue('DeliveriesQuarantine').id, 'Arn'] },
        maxReceiveCount: 5,
      },
    })
    for (const { Properties } of ofType(service, 'AWS::SQS::Queue')) expect(Properties).not.toHaveProperty('FifoQueue')
  })

  it('of jobs keep a day, and what was received five times is kept apart for 14', () => {
    for (const name of ['Jobs', 'GuardJobs']) {
      expect(queue(`${name}Failed`).Properties).toEqual({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * 24 * 3600,
      })
      expect(queue(`${name}Queue`).Properties).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 24 * 3600,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [queue(`${name}Failed`).id, 'Arn'] },
          maxReceiveCount: 5,
        },
      })
      const timeout = z.number().parse(fn(name === 'Jobs' ? 'sync' : 'guard').Properties['Timeout'])
      expect(queue(`${name}Queue`).Properties['VisibilityTimeout']).toBe(timeout * 6)
    }
  })

  it('refuse everything that does not come over TLS', () => {
    for (const { id } of ofType(service, 'AWS::SQS::Queue')) {
      const policy = find(service, 'AWS::SQS::QueuePolicy', ({ Properties }) =>
        JSON.stringify(Properties['Queues']).includes(`"${id}"`),
      )
      expect(policy.Properties['PolicyDocument']).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: { 'Fn::GetAtt': [id, 'Arn'] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      })
    }
  })
})

describe('consumer', () => {
  it('gets batches of ten without a window, answers for each message, and is bounded', () => {
    const { Properties } = eventSource(built, 'Consumer')
    expect(Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [queue('DeliveriesQueue').id, 'Arn'] },
      FunctionName: { Ref: fn('consumer').id },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
      MetricsConfig: { Metrics: ['EventCount'] },
    })
    expect(Properties).not.toHaveProperty('MaximumBatchingWindowInSeconds')
    expect(Properties).not.toHaveProperty('Enabled')
  })

  it('may meet its own messages again, as jobs may; nobody else may', () => {
    for (const name of ['consumer', 'sync', 'guard']) expect(fn(name).Properties['RecursiveLoop']).toBe('Allow')
    for (const name of ['verifier', 'rotate-signing', 'rotate-token'])
      expect(fn(name).Properties['RecursiveLoop']).toBe('Terminate')
  })

  it('time-out < lease < visibility, and visibility is at least six time-outs', () => {
    const timeout = z.number().parse(fn('consumer').Properties['Timeout'])
    const visibility = z.number().parse(queue('DeliveriesQueue').Properties['VisibilityTimeout'])
    const settings = settingsSchema.parse(JSON.parse(environmentOf(built, fn('consumer'))[ENV.settings] ?? ''))
    expect(settings.leaseMs).toBeGreaterThan(timeout * 1000)
    expect(settings.leaseMs).toBeLessThan(visibility * 1000)
    expect(visibility).toBeGreaterThanOrEqual(timeout * 6)
    expect(settings.ledgerDays).toBe(400)
  })
})

describe('schedules', () => {
  const isOfPulse = ({ id }: Resource) => id.startsWith('Pulse')

  it('take the pulse, which is not asked for later', () => {
    expect(find(service, 'AWS::Events::Rule', isOfPulse).Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [fn('pulse').id, 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        },
      ],
    })
    expect(find(service, 'AWS::Lambda::Permission', isOfPulse).Properties).toMatchObject({
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [find(service, 'AWS::Events::Rule', isOfPulse).id, 'Arn'] },
    })
  })

  it('begin each job for every connection', () => {
    const jobs = ofType(service, 'AWS::Events::Rule').filter((rule) => !isOfPulse(rule))
    const rules = jobs.map(({ Properties }) => {
      const [target] = z.array(z.looseObject({ Arn: z.unknown(), Input: z.string() })).parse(Properties['Targets'])
      return [Properties['ScheduleExpression'], target?.Arn, JSON.parse(target?.Input ?? '')]
    })
    const to = (name: string) => ({ 'Fn::GetAtt': [queue(name).id, 'Arn'] })
    const ofAll = { connection: '*', reason: 'schedule' }
    expect(rules).toEqual([
      ['rate(15 minutes)', to('JobsQueue'), { job: 'sweep', ...ofAll, everyMinutes: 15 }],
      ['rate(1 hour)', to('JobsQueue'), { job: 'census', ...ofAll, everyMinutes: 60 }],
      ['rate(5 minutes)', to('GuardJobsQueue'), { job: 'guard', ...ofAll, everyMinutes: 5 }],
    ])
  })

  it('give a job an invocation of its own', () => {
    expect(eventSource(built, 'Sync').Properties).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 3 },
    })
  })
})

describe('route', () => {
  it('of the webhooks is one, without an authorizer, and answers before ClickUp stops waiting', () => {
    const isHealth = ({ id }: Resource) => id.startsWith('Health')
    const made = find(service, 'AWS::ApiGatewayV2::Integration', (one) => !isHealth(one))
    expect(find(service, 'AWS::ApiGatewayV2::Route', (one) => !isHealth(one)).Properties).toMatchObject({
      RouteKey: 'POST /webhooks/clickup/{connection}/{slot}',
      AuthorizationType: 'NONE',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: made.id }]] },
    })
    const integration = made.Properties
    expect(integration).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: { Ref: only(service, 'AWS::Lambda::Alias').id },
    })
    const timeoutMs = z.number().parse(integration['TimeoutInMillis'])
    expect(timeoutMs).toBeLessThan(7000)
    expect(timeoutMs).toBeGreaterThan(z.number().parse(fn('verifier').Properties['Timeout']) * 1000)
  })
})

it('the bus is named after the stage', () => {
  expect(only(service, 'AWS::Events::EventBus').Properties).toMatchObject({ Name: 'hookline-prod' })
})
