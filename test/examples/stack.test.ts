import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { PATTERN as TASK_DONE } from '../../examples/slack-on-done/subscription.ts'
import { PATTERN as ANY_TASK } from '../../examples/sql-upsert/subscription.ts'
import { PATTERN as TASK_URGENT } from '../../examples/start-step-function/subscription.ts'
import { writtenPattern } from './support.ts'
import { type Resource, synthExamples } from './template.ts'

const statementSchema = z.looseObject({
  Effect: z.string(),
  Principal: z.unknown().optional(),
  Action: z.union([z.array(z.string()), z.string().transform((action) => [action])]),
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
})
const policySchema = z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(statementSchema) }) })
const targetSchema = z.looseObject({
  Arn: z.unknown(),
  DeadLetterConfig: z.object({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) }),
  RetryPolicy: z.object({ MaximumEventAgeInSeconds: z.number(), MaximumRetryAttempts: z.number() }),
})

let built: ReturnType<typeof synthExamples>
beforeAll(() => {
  built = synthExamples()
})
afterAll(() => built.remove())

const ofType = (type: string) => built.ofType(type)
const find = (type: string, name: string) => built.find(type, name)
const arnOf = ({ id }: Resource) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const target = (rule: Resource) => z.tuple([targetSchema]).parse(rule.Properties['Targets'])[0]

/** What the policies of a role, a user of a queue, or a queue itself allow and deny. */
const statementsOf = (type: string, mentions: Resource) =>
  ofType(type)
    .filter(({ Properties }) =>
      JSON.stringify(Properties['Roles'] ?? Properties['Queues']).includes(`"${mentions.id}"`),
    )
    .flatMap(({ Properties }) => policySchema.parse(Properties).PolicyDocument.Statement)

describe.each([
  ['SlackRule', TASK_DONE, 'SlackDeadLetters'],
  ['SqlRule', ANY_TASK, 'SqlDeadLetters'],
  ['StartRule', TASK_URGENT, 'StartDeadLetters'],
])('%s', (name, pattern, deadLetters) => {
  it('has the pattern of its subscription, on the bus of the changes', () => {
    const { Properties } = find('AWS::Events::Rule', name)
    expect(Properties).toMatchObject({ EventPattern: writtenPattern(pattern), State: 'ENABLED' })
    expect(JSON.stringify(Properties['EventBusName'])).toContain('Service')
  })

  it('tries for a day, then leaves the event in a dead-letter queue of its own', () => {
    const rule = find('AWS::Events::Rule', name)
    expect(target(rule)).toMatchObject({
      DeadLetterConfig: { Arn: arnOf(find('AWS::SQS::Queue', deadLetters)) },
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    })
  })

  it('alone may put something there', () => {
    const allowed = statementsOf('AWS::SQS::QueuePolicy', find('AWS::SQS::Queue', deadLetters)).filter(
      ({ Effect }) => Effect === 'Allow',
    )
    expect(allowed).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Condition: { ArnEquals: { 'aws:SourceArn': arnOf(find('AWS::Events::Rule', name)) } },
      },
    ])
  })
})

describe('queues', () => {
  it('are encrypted, keep 14 days, and refuse everything that does not come over TLS', () => {
    const queues = ofType('AWS::SQS::Queue')
    expect(queues).toHaveLength(5)
    for (const queue of queues) {
      expect(queue.Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 })
      expect(statementsOf('AWS::SQS::QueuePolicy', queue)).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: ['sqs:*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      )
    }
  })

  it.each([
    ['SlackQueue', 'SlackDeadLetters', 'SlackOnDoneFunction', 2],
    ['SqlQueue', 'SqlDeadLetters', 'SqlUpsertFunction', 5],
  ])(
    '%s has its own dead letters, and shows a message again only when its function has ended',
    (name, dead, fn, most) => {
      const queue = find('AWS::SQS::Queue', name)
      expect(queue.Properties).toMatchObject({
        RedrivePolicy: { deadLetterTargetArn: arnOf(find('AWS::SQS::Queue', dead)), maxReceiveCount: 10 },
      })
      const { Timeout } = z.looseObject({ Timeout: z.number() }).parse(find('AWS::Lambda::Function', fn).Properties)
      expect(queue.Properties['VisibilityTimeout']).toBe(Timeout * 6)
      const sources = ofType('AWS::Lambda::EventSourceMapping').filter(
        ({ Properties }) => JSON.stringify(Properties['EventSourceArn']) === JSON.stringify(arnOf(queue)),
      )
      expect(sources.map(({ Properties }) => Properties)).toMatchObject([
        {
          FunctionName: { Ref: find('AWS::Lambda::Function', fn).id },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: most },
        },
      ])
    },
  )
})

describe('rights', () => {
  const actionsOf = (role: Resource) =>
    statementsOf('AWS::IAM::Policy', role)
      .flatMap(({ Action }) => Action)
      .sort()
  const ITS_QUEUE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']
  const ITS_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents']

  it.each([
    ['SlackOnDoneRole', 'slack-webhook-url', 'SlackQueue'],
    ['SqlUpsertRole', 'database-url', 'SqlQueue'],
  ])('%s: its log, its queue and the one secret', (name, secret, queue) => {
    const role = find('AWS::IAM::Role', name)
    expect(actionsOf(role)).toEqual([...ITS_LOG, 'secretsmanager:GetSecretValue', ...ITS_QUEUE])
    for (const { Action, Resource } of statementsOf('AWS::IAM::Policy', role)) {
      if (Action.includes('secretsmanager:GetSecretValue')) {
        expect(JSON.stringify(Resource)).toContain(`:secret:hookline-examples/prod/${secret}-??????`)
      }
      if (Action.includes('sqs:ReceiveMessage')) expect(Resource).toEqual(arnOf(find('AWS::SQS::Queue', queue)))
    }
  })

  it('the rule may start the first state machine, that one the second, and the second nothing', () => {
    const first = find('AWS::StepFunctions::StateMachine', 'StartOnce')
    const second = find('AWS::StepFunctions::StateMachine', 'Escalation')
    const only = (machine: Resource) => [
      expect.objectContaining({ Action: ['states:StartExecution'], Resource: { Ref: machine.id } }),
    ]
    expect(statementsOf('AWS::IAM::Policy', find('AWS::IAM::Role', 'StartOnceEventsRole'))).toEqual(only(first))
    expect(statementsOf('AWS::IAM::Policy', find('AWS::IAM::Role', 'StartOnceRole'))).toEqual(only(second))
    expect(statementsOf('AWS::IAM::Policy', find('AWS::IAM::Role', 'EscalationRole'))).toEqual([])
  })

  it('are those of five roles, without an asterisk or a managed policy', () => {
    expect(ofType('AWS::IAM::Role')).toHaveLength(5)
    for (const { Properties } of ofType('AWS::IAM::Role'))
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument'])
    for (const { Properties } of ofType('AWS::IAM::Policy')) {
      for (const { Action, Resource } of policySchema.parse(Properties).PolicyDocument.Statement) {
        expect(JSON.stringify([Action, Resource])).not.toContain('*')
      }
    }
  })
})

it('functions have their code bundled, and keep their log as long as the others', () => {
  const functions = ofType('AWS::Lambda::Function')
  expect(functions.map(({ Properties }) => Properties['FunctionName'])).toEqual([
    'hookline-prod-example-slack-on-done',
    'hookline-prod-example-sql-upsert',
  ])
  for (const { Metadata } of functions) {
    expect(existsSync(join(built.outdir, z.string().parse(Metadata['aws:asset:path']), 'index.mjs'))).toBe(true)
  }
  expect(ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties['RetentionInDays'])).toEqual([7, 7])
})

it('cdk-nag finds nothing that is not accepted, and each acceptance has its reason', () => {
  const { app, stack } = built
  const findings = [new AwsSolutionsChecks(app), new ServerlessChecks(app)]
    .flatMap((pack) => pack.validateScope(stack).violations)
    .map(({ ruleName, violatingResources }) => [ruleName, violatingResources.map(({ constructPath }) => constructPath)])
  expect(findings).toEqual([])
  const reasons = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
    .flatMap(({ data }) => Object.values(z.record(z.string(), z.string()).parse(data)))
  expect(reasons.length).toBeGreaterThan(0)
  for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{60,}\.$/)
})
