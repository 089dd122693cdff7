import { statSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Key } from 'aws-cdk-lib/aws-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Part } from '../../infra/alarms/alarm.ts'
import { Alarms } from '../../infra/alarms/alarms.ts'
import { alarmsConfig } from '../../infra/alarms/config.ts'
import { alarmsOf } from '../../infra/alarms/index.ts'
import { ofType, only, type Resource, type Synth, synth, text } from './support/template.ts'

const WATCHED = {
  ...{ verifier: 'verifier', consumer: 'consumer', deliveriesQueue: 'deliveries', quarantineQueue: 'quarantine' },
  ...{ failedJobsQueue: 'jobs', failedGuardJobsQueue: 'guard-jobs' },
  ...{ ledgerTable: 'ledger', tasksTable: 'tasks', stateTable: 'state' },
}
/** Of a stage without summaries. */
const PARTS = new Set<Part>()
const ROWS = alarmsOf(PARTS)
const PAGE = ['me@example.com', 'https://events.example.com/integration/1']

let built: Synth
beforeAll(() => {
  built = synth({ alarms: { page: PAGE, warn: ['team@example.com'], thresholds: { NoDeliveries: 7_200_000 } } })
})
afterAll(() => built.remove())

const alarms = () => ofType(built.service, 'AWS::CloudWatch::Alarm')
const alarmOf = (row: string): Resource => {
  const found = alarms().find(({ Properties }) => Properties['AlarmName'] === `hookline-prod-${row}`)
  if (found === undefined) throw new Error(`there is no alarm of ${row}`)
  return found
}
const topicOf = (name: string) => {
  const found = ofType(built.service, 'AWS::SNS::Topic').find(({ Properties }) => Properties['TopicName'] === name)
  return { Ref: found?.id }
}
const TOPICS = { P1: 'hookline-prod-page', P2: 'hookline-prod-warn', P3: 'hookline-prod-note' }

describe('the alarms of the template', () => {
  it('are one for each row, by an explicit name, and no other', () => {
    expect(
      alarms()
        .map(({ Properties }) => Properties['AlarmName'])
        .sort(),
    ).toEqual(ROWS.map(({ name }) => `hookline-prod-${name}`).sort())
  })

  it('each tell the topic of their severity, and all but notes that they are over', () => {
    for (const { name, severity } of ROWS) {
      const topic = [topicOf(TOPICS[severity])]
      const { AlarmActions, OKActions, ActionsEnabled = true } = alarmOf(name).Properties
      expect([name, AlarmActions, ActionsEnabled]).toEqual([name, topic, true])
      expect([name, OKActions]).toEqual([name, severity === 'P3' ? undefined : topic])
    }
  })

  it('say first what it means, then where to look, then why no data means what it does, in 1,024 characters', () => {
    for (const { name, impact, missing } of ROWS) {
      // The longest name of a region.
      const region = 'ap-southeast-2xx'
      const description = text(alarmOf(name).Properties['AlarmDescription'], built.data).replace(
        /\$\{AWS::Region\}/g,
        region,
      )
      const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`
      expect(description.split('\n')).toEqual([
        impact,
        `Runbook: docs/runbook.md#${name.toLowerCase()}`,
        `Dashboard: ${console}#dashboards/dashboard/hookline-prod`,
        `Logs: ${console}#logsV2:logs-insights`,
        `No data is treated as ${missing.treat}: ${missing.why}`,
      ])
      // Beside it, an address of a runbook and a stage of the greatest length.
      const longest = description.length + 200 + 31
      expect([name, longest <= 1024]).toEqual([name, true])
    }
  })

  it('look at what the rows name', () => {
    expect(alarmOf('AcknowledgeSlow').Properties).toMatchObject({
      Namespace: 'Hookline',
      MetricName: 'AcknowledgeMs',
      Dimensions: [
        { Name: 'service', Value: 'hookline' },
        { Name: 'stage', Value: 'prod' },
      ],
      ExtendedStatistic: 'p99',
      Period: 300,
      Threshold: 1000,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    })
    expect(alarmOf('BudgetSpent').Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3 })
    expect(alarmOf('ApiErrors').Properties['Metrics']).toMatchObject([
      { Id: 'watched', Expression: 'IF(errors >= 5, 100 * errors / calls, 0)', ReturnData: true },
      {
        Id: 'errors',
        MetricStat: { Metric: { MetricName: 'ApiErrors' }, Period: 300, Stat: 'Sum' },
        ReturnData: false,
      },
      { Id: 'calls', MetricStat: { Metric: { MetricName: 'ApiCalls' }, Period: 300, Stat: 'Sum' }, ReturnData: false },
    ])
  })

  it('look at indexes, too, of which DynamoDB tells nothing where it tells of the table', () => {
    const metrics = JSON.stringify(alarmOf('TablesThrottled').Properties['Metrics'])
    const indexes = [...ofType(built.data, 'AWS::DynamoDB::Table')].flatMap(({ Properties }) =>
      z
        .array(z.looseObject({ IndexName: z.string() }))
        .parse(Properties['GlobalSecondaryIndexes'] ?? [])
        .map(({ IndexName }) => IndexName),
    )
    const watched = [...metrics.matchAll(/"GlobalSecondaryIndexName","Value":"(\w+)"/g)].map(([, name]) => name)
    expect(watched.sort()).toEqual(indexes.sort())
  })

  const DIMENSION = z.object({ Name: z.string(), Value: z.unknown() })
  const METRIC = z.looseObject({ Namespace: z.string(), Dimensions: z.array(DIMENSION) })

  it('name resources that are there for what AWS measures', () => {
    const metrics = alarms().flatMap(({ Properties }) =>
      Array.isArray(Properties['Metrics'])
        ? Properties['Metrics']
            .flatMap((each) => z.object({ MetricStat: z.object({ Metric: METRIC }) }).safeParse(each).data ?? [])
            .map(({ MetricStat }) => MetricStat.Metric)
        : [METRIC.parse(Properties)],
    )
    const foreign = metrics.filter(({ Namespace }) => Namespace !== 'Hookline')
    const seen = foreign.map(({ Namespace, Dimensions: [dimension] }) =>
      [
        Namespace,
        dimension?.Name,
        text(dimension?.Value, built.data).replace(/\$\{(\w+?)[0-9A-F]{8}(.*)\}/, '$1$2'),
      ].join(' '),
    )
    expect([...new Set(seen)].sort()).toEqual([
      'AWS/DynamoDB TableName Ledger',
      'AWS/DynamoDB TableName State',
      'AWS/DynamoDB TableName Tasks',
      'AWS/Lambda FunctionName ConsumerFunction',
      'AWS/Lambda FunctionName VerifierFunction',
      'AWS/SQS QueueName DeliveriesQuarantine.QueueName',
      'AWS/SQS QueueName DeliveriesQueue.QueueName',
      'AWS/SQS QueueName GuardJobsFailed.QueueName',
      'AWS/SQS QueueName JobsFailed.QueueName',
    ])
  })

  it('take the thresholds of the config', () => {
    expect(alarmOf('NoDeliveries').Properties['Threshold']).toBe(7_200_000)
    expect(alarmOf('TokenOld').Properties['Threshold']).toBe(80 * 86_400_000)
  })

  it('of the verifier take a release of it back', () => {
    expect(only(built.service, 'AWS::CodeDeploy::DeploymentGroup').Properties['AlarmConfiguration']).toEqual({
      Enabled: true,
      Alarms: ['VerifierErrors', 'DeliveriesUnavailable', 'AcknowledgeTooSlow'].map((name) => ({
        Name: `hookline-prod-${name}`,
      })),
    })
  })
})

describe('the topics', () => {
  it('have those subscribed whom the config names, by e-mail or https', () => {
    const subscriptions = ofType(built.service, 'AWS::SNS::Subscription').map(({ Properties }) => Properties)
    expect(subscriptions).toEqual([
      { TopicArn: topicOf(TOPICS.P1), Protocol: 'email', Endpoint: PAGE[0] },
      { TopicArn: topicOf(TOPICS.P1), Protocol: 'https', Endpoint: PAGE[1] },
      { TopicArn: topicOf(TOPICS.P2), Protocol: 'email', Endpoint: 'team@example.com' },
    ])
  })

  it("let this account's alarms in, and nobody without TLS", () => {
    const policies = ofType(built.service, 'AWS::SNS::TopicPolicy')
    expect(policies).toHaveLength(3)
    for (const { Properties } of policies)
      expect(Properties['PolicyDocument']).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: expect.objectContaining({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
          }),
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      })
  })
})

it('the template keeps well below the limits of CloudFormation: 500 resources, 1 MB', () => {
  expect(Object.keys(built.service.Resources).length).toBeLessThan(300)
  expect(statSync(join(built.outdir, 'Hookline-prod-Service.template.json')).size).toBeLessThan(600_000)
})

it('a stage may have none, and then nothing takes a release back', () => {
  const stack = new Stack(new App(), 'Try')
  const config = alarmsConfig.parse({ enabled: false, page: PAGE })
  const { ofTheVerifier } = new Alarms(stack, 'Alarms', { stage: 'try', config, parts: PARTS, watched: WATCHED })
  expect(Template.fromStack(stack).toJSON()['Resources']).toBeUndefined()
  expect(ofTheVerifier).toEqual([])
})

it("the topics are encrypted with the owner's key where there is one", () => {
  const stack = new Stack(new App(), 'Try')
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/0'
  const encryptionKey = Key.fromKeyArn(stack, 'Key', arn)
  new Alarms(stack, 'Alarms', {
    ...{ stage: 'try', config: alarmsConfig.parse({}), parts: PARTS, watched: WATCHED, encryptionKey },
  })
  Template.fromStack(stack).allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn })
})
