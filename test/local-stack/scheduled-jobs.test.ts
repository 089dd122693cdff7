import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { until } from './aws-call.ts'
import { arn, functionResources, type Resources, ref, writeAssembly } from './cloud-assembly.ts'

const WORKER = `export const handler = async (event) => {
  for (const { body } of event.Records) console.log(JSON.stringify({ fn: process.env.AWS_LAMBDA_FUNCTION_NAME, body }))
  return { batchItemFailures: [] }
}`

const worker = (id: string, queue: string): Resources => ({
  ...functionResources(id, {
    code: 'worker',
    statements: [
      { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: arn(queue) },
    ],
    properties: { FunctionName: id.toLowerCase() },
  }),
  [`${id}Source`]: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn(queue),
      FunctionName: ref(id),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
})

/** A rule by time with a constant input, and the policy that CDK's target gives the queue. */
const job = (id: string, queue: string, input: unknown): Resources => ({
  [id]: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: id.toLowerCase(),
      ScheduleExpression: 'rate(15 minutes)',
      Targets: [{ Id: 'T', Arn: arn(queue), Input: JSON.stringify(input) }],
    },
  },
})

const mayBeSentBy = (queue: string, rules: string[], principal = 'events.amazonaws.com'): Resources => ({
  [`${queue}Policy`]: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref(queue)],
      PolicyDocument: {
        Statement: rules.map((rule) => ({
          Effect: 'Allow',
          Principal: { Service: principal },
          Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
          Resource: arn(queue),
          Condition: { ArnEquals: { 'aws:SourceArn': arn(rule) } },
        })),
      },
    },
  },
})

const queues: Resources = {
  Jobs: { Type: 'AWS::SQS::Queue' },
  Checks: { Type: 'AWS::SQS::Queue' },
  Idle: { Type: 'AWS::SQS::Queue' },
}
const resources: Resources = {
  ...queues,
  ...worker('Sync', 'Jobs'),
  ...worker('Guard', 'Checks'),
  ...job('Sweep', 'Jobs', { job: 'sweep', connection: '*' }),
  ...job('Census', 'Jobs', { job: 'census', connection: '*' }),
  ...job('Watch', 'Checks', { job: 'guard', connection: '*' }),
  ...job('Kept', 'Idle', { job: 'kept', connection: '*' }),
  ...mayBeSentBy('Jobs', ['Sweep', 'Census']),
  ...mayBeSentBy('Checks', ['Watch']),
  ...mayBeSentBy('Idle', ['Kept']),
}

const lineSchema = z.object({ fn: z.string(), body: z.string() })

describe('schedules that put jobs on queues', () => {
  const assembly = writeAssembly(resources, { code: { worker: WORKER } })
  const seen: z.infer<typeof lineSchema>[] = []
  let gateway: AwsGateway
  let stack: RunningStack
  const fire = (name: string) => {
    const schedule = stack.schedules.find((one) => one.name === name)
    if (schedule === undefined) throw new Error(`no schedule ${name}`)
    return schedule.fire()
  }

  beforeAll(async () => {
    gateway = await startAwsGateway()
    const onLog = (_name: string, line: string) => seen.push(lineSchema.parse(JSON.parse(line)))
    stack = await startStack({ assembly, gateway, outside: {}, maxProcesses: 1, onLog })
  })
  afterAll(async () => {
    await stack.close()
    await gateway.close()
    assembly[Symbol.dispose]()
  })

  it('send the constant input as it stands in the template', async () => {
    await fire('kept')
    const sqs = new SQSClient({
      endpoint: gateway.url,
      region: gateway.region,
      credentials: { accessKeyId: 'tester', secretAccessKey: 'none' },
    })
    gateway.admit({ accessKeyId: 'tester', name: 'tester', statements: 'all' })
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.queues['Idle']?.url ?? '' }))
    sqs.destroy()
    expect(Messages.map(({ Body }) => Body)).toEqual(['{"job":"kept","connection":"*"}'])
  })

  it('reach each the function of its own queue, whose lines are in its own log group', async () => {
    await Promise.all(['sweep', 'census', 'watch'].map(fire))
    await until('all three jobs have been done', () => seen.length === 3)
    const by = (fn: string) =>
      seen
        .filter((one) => one.fn === fn)
        .map(({ body }) => z.looseObject({ job: z.string() }).parse(JSON.parse(body)).job)
    expect(by('sync').sort()).toEqual(['census', 'sweep'])
    expect(by('guard')).toEqual(['guard'])
    expect(await linesOf(gateway, '/aws/lambda/sync')).toHaveLength(2)
    expect(await linesOf(gateway, '/aws/lambda/guard')).toHaveLength(1)
  })
})

async function linesOf(gateway: AwsGateway, logGroupName: string): Promise<unknown[]> {
  gateway.admit({ accessKeyId: 'reader', name: 'reader', statements: 'all' })
  const authorization = `AWS4-HMAC-SHA256 Credential=reader/20260101/${gateway.region}/logs/aws4_request, Signature=0`
  const headers = { 'x-amz-target': 'Logs_20140328.FilterLogEvents', authorization }
  const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ logGroupName }) })
  return z.object({ events: z.array(z.unknown()) }).parse(await response.json()).events
}

describe('a queue whose policy', () => {
  it.each([
    ['says nothing', {}],
    ['speaks of another rule', { ...job('Other', 'Jobs', {}), ...mayBeSentBy('Jobs', ['Other']) }],
    ['speaks of another service', mayBeSentBy('Jobs', ['Sweep'], 'sns.amazonaws.com')],
  ])('%s keeps the template from starting, as its jobs would never arrive', async (_what, policy) => {
    using assembly = writeAssembly({ ...queues, ...job('Sweep', 'Jobs', { job: 'sweep' }), ...policy })
    const gateway = await startAwsGateway()
    const started = startStack({ assembly, gateway, outside: {} })
    await expect(started).rejects.toThrow(/the policy of Jobs does not let events.amazonaws.com send for it/)
    await gateway.close()
  })
})
