import { describe, expect, it } from 'vitest'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import type { Timer } from '../../local/stack/schedule/scheduler.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { functionResources, type Resources, ref, writeAssembly } from './cloud-assembly.ts'

const CODE = { code: 'export const handler = async (event) => { if (event.fails) throw new Error("on purpose") }' }
const dimension = (Name: string, Value: unknown) => ({ Name, Value })

const alarm = (properties: Record<string, unknown>) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...{ AlarmName: 'it', ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1, EvaluationPeriods: 1 },
    ...{ TreatMissingData: 'notBreaching', Period: 60, Statistic: 'Maximum', AlarmActions: [ref('Topic')] },
    ...properties,
  },
})
const resources = (properties: Record<string, unknown>, more: Resources = {}): Resources => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'page' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
  ...functionResources('F', { code: 'code', properties: { FunctionName: 'f' } }),
  Alarm: alarm({
    ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
    Dimensions: [dimension('QueueName', 'dead')],
    ...properties,
  }),
  ...more,
})

/** Runs a stack, does something with it, and tells what kept it from starting, if anything did. */
async function withStack(
  made: Resources,
  use: (stack: RunningStack, gateway: Gateway) => Promise<void>,
  timer?: Timer,
): Promise<string> {
  using assembly = writeAssembly(made, { code: CODE })
  const gateway = await startAwsGateway()
  try {
    const stack = await startStack({ assembly, gateway, outside: {}, ...(timer && { timer }) })
    try {
      await use(stack, gateway)
    } finally {
      await stack.close()
    }
    return 'starts'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await gateway.close()
  }
}
type Gateway = Awaited<ReturnType<typeof startAwsGateway>>
const refusal = (made: Resources) => withStack(made, async () => undefined)
/** Of the next whole minute, which what happens now belongs to. */
const next = () => Date.now() + 60_000

describe('an alarm of the template', () => {
  it('goes off by what a queue holds, and its topic gets to know', async () => {
    const ended = await withStack(resources({}), async (stack, gateway) => {
      gateway.admit({ accessKeyId: 'ME', name: 'me', statements: 'all' })
      expect(await stack.lookAtAlarms()).toMatchObject([{ from: 'INSUFFICIENT_DATA', to: 'OK' }])
      const { sns } = gateway
      await fetch(gateway.url, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
          authorization: `AWS4-HMAC-SHA256 Credential=ME/20260101/${gateway.region}/sqs/aws4_request, Signature=0`,
        },
        body: JSON.stringify({ QueueUrl: stack.queues['Queue']?.url, MessageBody: 'poison' }),
      })
      // What the queue holds is noted in the minute of the look, and judged when that minute is over.
      await stack.lookAtAlarms()
      expect(await stack.lookAtAlarms(next())).toMatchObject([{ alarm: { name: 'it' }, from: 'OK', to: 'ALARM' }])
      expect(sns.topics().map(({ published }) => published.length)).toEqual([1])
      expect((await gateway.lookIntoQueue('dead'))?.visible).toBe(1)
    })
    expect(ended).toBe('starts')
  })

  it('is looked at every minute', async () => {
    const due: (() => void)[] = []
    const timer: Timer = (ms, run) => {
      if (ms === 60_000) due.push(run)
      return () => undefined
    }
    const ended = await withStack(
      resources({}),
      async (_stack, gateway) => {
        const { cloudwatch } = gateway
        const nextChange = () => new Promise((resolve) => cloudwatch.onChange(resolve))
        const stateOf = () => cloudwatch.alarms().map(({ state }) => state)
        const changed = nextChange()
        expect([due.length, stateOf()]).toEqual([1, ['INSUFFICIENT_DATA']])
        due.shift()?.()
        await changed
        expect(stateOf()).toEqual(['OK'])
        await expect.poll(() => due.length).toBe(1)
      },
      timer,
    )
    expect(ended).toBe('starts')
  })

  it('goes off by the errors of a function, as an expression', async () => {
    const metrics = (name: string, stat: string) => ({
      MetricStat: {
        ...{ Metric: { Namespace: 'AWS/Lambda', MetricName: name, Dimensions: [dimension('FunctionName', ref('F'))] } },
        ...{ Period: 60, Stat: stat },
      },
      ReturnData: false,
    })
    const made = resources({
      ...{
        Namespace: undefined,
        MetricName: undefined,
        Dimensions: undefined,
        Statistic: undefined,
        Period: undefined,
      },
      Metrics: [
        { Id: 'share', Expression: '100 * errors / calls', Label: 'share' },
        { Id: 'errors', ...metrics('Errors', 'Sum') },
        { Id: 'calls', ...metrics('Invocations', 'Sum') },
      ],
      Threshold: 50,
    })
    const ended = await withStack(made, async (stack) => {
      const [f] = stack.functions
      await f?.invoke({})
      expect(await stack.lookAtAlarms(next())).toMatchObject([{ to: 'OK' }])
      await f?.invoke({ fails: true })
      expect(await stack.lookAtAlarms(next())).toMatchObject([{ to: 'ALARM' }])
    })
    expect(ended).toBe('starts')
  })
})

const policy = (Service: string): Resources => ({
  Policy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref('Topic')],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sns:Publish', Resource: ref('Topic') }],
      },
    },
  },
})

/** An alarm on so many metrics and one expression. */
const onMetrics = (count: number) =>
  resources({
    ...{ Namespace: undefined, MetricName: undefined, Dimensions: undefined, Statistic: undefined, Period: undefined },
    Metrics: [
      { Id: 'all', Expression: 'SUM(METRICS())' },
      ...Array.from({ length: count }, (_, i) => ({
        Id: `m${i}`,
        MetricStat: {
          Metric: { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: DEAD },
          ...{ Period: 60, Stat: 'Sum' },
        },
        ReturnData: false,
      })),
    ],
  })
const DEAD = [dimension('QueueName', 'dead')]

/** An alarm on an index of a table that has one, `byList`. */
const onIndex = (index: string) =>
  resources(
    {
      ...{ Namespace: 'AWS/DynamoDB', MetricName: 'WriteThrottleEvents' },
      Dimensions: [dimension('TableName', ref('Table')), dimension('GlobalSecondaryIndexName', index)],
    },
    {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          AttributeDefinitions: ['pk', 'list'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byList',
              KeySchema: [{ AttributeName: 'list', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
        },
      },
    },
  )

describe('an alarm that could not fire, or not be heard, is refused', () => {
  it.each<[string, Resources, string]>([
    [
      'of a queue that is not there',
      resources({ Dimensions: [dimension('QueueName', 'other')] }),
      'of other, which is not in the template',
    ],
    [
      'with a dimension that SQS does not have',
      resources({ Dimensions: [dimension('Queue', 'dead')] }),
      'Queue, which is not in the template',
    ],
    [
      'of a metric that nobody publishes',
      resources({ MetricName: 'NumberOfTears' }),
      'AWS/SQS NumberOfTears is not known here',
    ],
    [
      'of a metric that is not in the table',
      resources({ Namespace: 'Hookline', MetricName: 'Tears', Dimensions: [] }),
      'Tears is not in the table of metrics',
    ],
    [
      'of a metric without its dimensions',
      resources({ Namespace: 'Hookline', MetricName: 'Paused', Dimensions: [dimension('service', 'hookline')] }),
      'Paused has other dimensions',
    ],
    [
      'by a statistic that is not known',
      resources({ Statistic: undefined, ExtendedStatistic: 'tm90' }),
      'the statistic tm90 is not known here',
    ],
    [
      'whose action is no topic',
      resources({ AlarmActions: ['arn:aws:sns:us-east-1:000000000000:nobody'] }),
      'is no topic of the template',
    ],
    [
      'whose topic lets only others publish',
      resources({}, policy('events.amazonaws.com')),
      'does not let CloudWatch publish',
    ],
    ['on eleven metrics', onMetrics(11), 'at most ten metrics'],
    ['on an index that is not there', onIndex('byNone'), 'the index byNone, which is not in the template'],
    ['with a period of half a minute', resources({ Period: 30 }), 'Period'],
    ['with a setting that is not known', resources({ ThresholdMetricId: 'x' }), 'ThresholdMetricId'],
    [
      'that looks back for more than a day by the minute',
      resources({ EvaluationPeriods: 1_441 }),
      'looks back further',
    ],
    ['with more bad periods than periods', resources({ DatapointsToAlarm: 2 }), 'more bad periods'],
  ])('%s', async (_what, made, message) => expect(await refusal(made)).toContain(message))

  it('and one whose topic lets CloudWatch publish is not, nor one on ten metrics, or on an index of a table', async () => {
    expect(await refusal(resources({}, policy('cloudwatch.amazonaws.com')))).toBe('starts')
    expect(await refusal(onMetrics(10))).toBe('starts')
    expect(await refusal(onIndex('byList'))).toBe('starts')
  })
})

describe('what belongs to alarms', () => {
  it('is refused where AWS would', async () => {
    const dashboard = (DashboardBody: string) => ({
      D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } },
    })
    expect(await refusal(dashboard('{"widgets":[{"type":"metric"}]}'))).toBe('starts')
    expect(await refusal(dashboard('{"widgets":'))).toContain('its body is not the JSON of a dashboard')
    const subscription = {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: 'arn:none', Protocol: 'email', Endpoint: 'a@example.com' },
    }
    expect(await refusal({ S: subscription })).toContain('no topic arn:none')
    const query = { Type: 'AWS::Logs::QueryDefinition', Properties: { Name: 'Q', QueryString: 'fields @message' } }
    expect(await refusal({ Q: query })).toBe('starts')
  })
})
