import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { BatchWriteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AlarmDefinition } from '../../local/aws/cloudwatch/alarm.ts'
import { AwsError, type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, refusalOf } from './clients.ts'

/** A whole minute. */
const NOW = 1_800_000_000_000
const dimensions = { service: 's', stage: 'prod' }
const metric = { namespace: 'N', name: 'Faults', dimensions }

let gateway: AwsGateway
let client: CloudWatchClient

const clientFor = (statements: Statement[] | 'all') => {
  gateway.admit({ accessKeyId: 'READER', name: 'reader', statements })
  const credentials = { accessKeyId: 'READER', secretAccessKey: 'none' }
  return new CloudWatchClient({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
}

beforeEach(async () => {
  gateway = await startAwsGateway({ clock: { now: () => NOW } })
  client = clientFor('all')
})
afterEach(async () => {
  client.destroy()
  await gateway.close()
})

/** An alarm on more than two faults in one of two minutes. */
function arm(more: Partial<AlarmDefinition> = {}): { topic: string } {
  const { arn } = gateway.sns.createTopic({ name: 'page' })
  gateway.cloudwatch.putAlarm({
    ...{ name: 'faults', arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:faults', description: 'It hurts.' },
    ...{
      queries: [{ id: 'm1', kind: 'metric', stat: { metric, statistic: 'Sum' } }],
      watched: 'm1',
      periodSeconds: 60,
    },
    ...{ comparison: 'GreaterThanThreshold', threshold: 2, evaluationPeriods: 2, datapointsToAlarm: 1 },
    ...{ treatMissingData: 'notBreaching', actionsEnabled: true },
    actions: { ALARM: [arn], OK: [arn], INSUFFICIENT_DATA: [] },
    ...more,
  })
  return { topic: arn }
}

/** A line as a function prints it. */
const faults = (count: number, at: number) =>
  gateway.writeLog(
    '/aws/lambda/f',
    'local',
    JSON.stringify({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          { Namespace: 'N', Dimensions: [['service', 'stage']], Metrics: [{ Name: 'Faults', Unit: 'Count' }] },
        ],
      },
      ...dimensions,
      Faults: count,
    }),
  )

test('an alarm goes off over what functions print, tells its topic once, and ends', async () => {
  const { topic } = arm()
  const look = async (at: number) => {
    gateway.cloudwatch.evaluate(at)
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['faults'] }))
    return MetricAlarms[0]?.StateValue
  }
  expect(await look(NOW)).toBe('OK')
  faults(2, NOW + 1_000)
  faults(1, NOW + 59_000)
  expect(await look(NOW + 60_000)).toBe('ALARM')
  expect(await look(NOW + 120_000)).toBe('ALARM')
  expect(await look(NOW + 600_000)).toBe('OK')
  const told = gateway.sns.topics().find(({ arn }) => arn === topic)?.published ?? []
  expect(told.map(({ subject }) => subject)).toEqual([
    'OK: "faults" in us-east-1',
    'ALARM: "faults" in us-east-1',
    'OK: "faults" in us-east-1',
  ])
  expect(JSON.parse(told[1]?.message ?? '')).toMatchObject({
    AlarmName: 'faults',
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
  })
})

test('alarms are described as they stand', async () => {
  const { topic } = arm()
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'fau' }))
  expect(MetricAlarms).toMatchObject([
    {
      ...{ AlarmName: 'faults', AlarmDescription: 'It hurts.', StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true },
      ...{ Namespace: 'N', MetricName: 'Faults', Statistic: 'Sum', Period: 60, EvaluationPeriods: 2 },
      ...{ DatapointsToAlarm: 1, Threshold: 2, TreatMissingData: 'notBreaching', AlarmActions: [topic] },
    },
  ])
  expect(MetricAlarms[0]?.StateUpdatedTimestamp?.getTime()).toBe(NOW)
  for (const asked of [{ StateValue: 'OK' as const }, { ActionPrefix: 'arn:aws:automate' }, { AlarmNames: ['other'] }])
    expect((await client.send(new DescribeAlarmsCommand(asked))).MetricAlarms).toEqual([])
})

test('an alarm whose actions are off changes its state and tells nobody', async () => {
  const { topic } = arm()
  await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['faults'] }))
  await client.send(new SetAlarmStateCommand({ AlarmName: 'faults', StateValue: 'ALARM', StateReason: 'a drill' }))
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}))
  expect(MetricAlarms).toMatchObject([{ StateValue: 'ALARM', StateReason: 'a drill', ActionsEnabled: false }])
  expect(gateway.sns.topics().find(({ arn }) => arn === topic)?.published).toEqual([])
  const unknown = client.send(new SetAlarmStateCommand({ AlarmName: 'other', StateValue: 'OK', StateReason: '' }))
  expect(await refusalOf(unknown)).toMatchObject({ name: 'ResourceNotFound' })
})

test('metrics can be read, by themselves and in an expression', async () => {
  faults(2, NOW - 90_000)
  faults(5, NOW - 30_000)
  const stat = {
    Metric: {
      Namespace: 'N',
      MetricName: 'Faults',
      Dimensions: [
        { Name: 'stage', Value: 'prod' },
        { Name: 'service', Value: 's' },
      ],
    },
    ...{ Period: 60, Stat: 'Sum' },
  }
  const ask = (expression: string) =>
    client.send(
      new GetMetricDataCommand({
        StartTime: new Date(NOW - 180_000),
        EndTime: new Date(NOW),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          { Id: 'f', MetricStat: stat },
          { Id: 'e', Expression: expression },
        ],
      }),
    )
  const { MetricDataResults = [] } = await ask('FILL(f, 0) * 10')
  expect(MetricDataResults.map(({ Id, Values }) => [Id, Values])).toEqual([
    ['f', [2, 5]],
    ['e', [0, 20, 50]],
  ])
  expect(MetricDataResults[0]?.Timestamps?.map((at) => at.getTime())).toEqual([NOW - 120_000, NOW - 60_000])
  expect(await refusalOf(ask('SEARCH(f)'))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('SEARCH is not known here'),
  })
  expect((await client.send(new ListMetricsCommand({}))).Metrics).toMatchObject([
    { Namespace: 'N', MetricName: 'Faults' },
  ])
})

test('an expression that could never be evaluated is refused when the alarm is made', () => {
  expect(() => arm({ queries: [{ id: 'e', kind: 'expression', expression: 'x + 1' }], watched: 'e' })).toThrow(
    'there is nothing with the id x',
  )
  expect(() => arm({ queries: [{ id: 'e', kind: 'expression', expression: 'e + 1' }], watched: 'e' })).toThrow(
    'e is made of itself',
  )
})

test('reading alarms needs its right', async () => {
  arm()
  const other = clientFor([{ effect: 'Allow', actions: ['cloudwatch:GetMetricData'], resources: ['*'] }])
  expect(await refusalOf(other.send(new DescribeAlarmsCommand({})))).toMatchObject({ name: 'AccessDeniedException' })
  other.destroy()
})

test('DynamoDB tells of the calls that it throttles, by table and by what they were to do', async () => {
  gateway.intercept(({ action }) => {
    if (action === 'dynamodb:GetItem') throw new AwsError('ThrottlingException', 'Rate exceeded')
    if (action === 'dynamodb:BatchWriteItem') throw new AwsError('ProvisionedThroughputExceededException', 'Slow down')
    if (action === 'dynamodb:PutItem') throw new AwsError('ConditionalCheckFailedException', 'The condition failed')
    return undefined
  })
  const { dynamodb } = clientsOf(gateway, 'worker')
  const Item = { pk: { S: 'a' } }
  await refusalOf(dynamodb.send(new GetItemCommand({ TableName: 'ledger', Key: Item })))
  await refusalOf(dynamodb.send(new BatchWriteItemCommand({ RequestItems: { tasks: [{ PutRequest: { Item } }] } })))
  await refusalOf(dynamodb.send(new PutItemCommand({ TableName: 'state', Item })))
  dynamodb.destroy()
  expect(gateway.cloudwatch.store.metrics().map(({ name, dimensions: of }) => [name, of])).toEqual([
    ['ReadThrottleEvents', { TableName: 'ledger' }],
    ['ThrottledRequests', { TableName: 'ledger', Operation: 'GetItem' }],
    ['WriteThrottleEvents', { TableName: 'tasks' }],
    ['ThrottledRequests', { TableName: 'tasks', Operation: 'BatchWriteItem' }],
  ])
})
