import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { AWS_CALL, until } from './aws-call.ts'
import { apiResources, arn, functionResources, ref, routeResources, writeAssembly } from './cloud-assembly.ts'

/** Puts the whole event on the queue and answers. */
const RECEIVER = `${AWS_CALL}
export const handler = async (event) => {
  const { MessageId } = await aws('AmazonSQS.SendMessage', {
    QueueUrl: process.env.QUEUE_URL,
    MessageBody: event.body ?? '',
    MessageAttributes: { name: { DataType: 'String', StringValue: event.pathParameters.name } },
  })
  console.log(JSON.stringify({ event }))
  return { statusCode: 202, headers: { 'X-Kind': 'accepted' }, cookies: ['seen=1'], body: JSON.stringify({ MessageId }) }
}`

/** Tells what it got and fails what is bad. */
const WORKER = `
export const handler = async (event, context) => {
  console.log(JSON.stringify({ records: event.Records, remaining: context.getRemainingTimeInMillis(), arn: context.invokedFunctionArn }))
  if (event.Records.some(({ body }) => body === 'throw')) throw new TypeError('thrown')
  return { batchItemFailures: event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) }
}`

const OTHER = `export const handler = async (event) => {
  console.log(JSON.stringify({ event }))
  if (event.rawPath?.endsWith('/fails')) throw new Error('on purpose')
  return event.rawPath?.endsWith('/bytes') ? { statusCode: 200, body: event.body ?? '', isBase64Encoded: true } : { path: event.rawPath }
}`

const lambdaPermission = (functionId: string, source: unknown) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: ref(functionId),
    Principal: 'events.amazonaws.com',
    SourceArn: source,
  },
})

const resources = {
  ...apiResources,
  Dead: { Type: 'AWS::SQS::Queue' },
  Work: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 2,
      RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 2 },
    },
  },
  ...functionResources('Receiver', {
    code: 'receiver',
    statements: [{ Action: 'sqs:SendMessage', Resource: arn('Work') }],
    properties: { Environment: { Variables: { QUEUE_URL: ref('Work') } } },
  }),
  ...routeResources('In', 'POST /in/{name}', 'Receiver'),
  ...functionResources('Worker', {
    code: 'worker',
    statements: [
      { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: arn('Work') },
    ],
    properties: { Timeout: 1 },
  }),
  WorkerSource: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      BatchSize: 10,
      EventSourceArn: arn('Work'),
      FunctionName: ref('Worker'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  },
  ...functionResources('Other', { code: 'other' }),
  ...routeResources('Anything', 'ANY /other/{proxy+}', 'Other'),
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'test-bus' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: ref('Bus'),
      EventPattern: { source: ['test'] },
      Targets: [{ Id: 'T', Arn: arn('Other') }],
    },
  },
  RulePermission: lambdaPermission('Other', arn('Rule')),
  Timed: {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(5 minutes)', Targets: [{ Id: 'T', Arn: arn('Other') }] },
  },
  TimedPermission: lambdaPermission('Other', arn('Timed')),
}

/** What the functions above log. */
const lineSchema = z.looseObject({
  event: z.record(z.string(), z.unknown()).optional(),
  records: z
    .array(z.looseObject({ body: z.string(), messageId: z.string(), attributes: z.record(z.string(), z.string()) }))
    .optional(),
  remaining: z.number().optional(),
  arn: z.string().optional(),
})

describe('a template, end to end', () => {
  const logs: { name: string; line: string }[] = []
  const seenBy = (name: string) =>
    logs.filter((entry) => entry.name.includes(name)).map(({ line }) => lineSchema.parse(JSON.parse(line)))
  const eventsOf = (name: string) => seenBy(name).flatMap(({ event }) => (event ? [event] : []))
  const recordsOf = (body: string) =>
    seenBy('Worker').flatMap(({ records = [] }) => records.filter((record) => record.body === body))
  let gateway: AwsGateway
  let stack: RunningStack
  let sqs: SQSClient
  const assembly = writeAssembly(resources, { code: { receiver: RECEIVER, worker: WORKER, other: OTHER } })

  beforeAll(async () => {
    gateway = await startAwsGateway()
    gateway.admit({ accessKeyId: 'TEST', name: 'test', statements: 'all' })
    stack = await startStack({
      assembly,
      gateway,
      outside: {},
      maxProcesses: 2,
      onLog: (name, line) => logs.push({ name, line }),
    })
    // Warm, so that a slow start does not outlast the visibility.
    const worker = stack.functions.find(({ path }) => path === 'Worker')
    await Promise.all([1, 2].map(() => worker?.invoke({ Records: [] })))
    const credentials = { accessKeyId: 'TEST', secretAccessKey: 'x' }
    sqs = new SQSClient({ endpoint: gateway.url, region: gateway.region, credentials })
  })

  afterAll(async () => {
    await stack.close()
    await gateway.close()
    assembly[Symbol.dispose]()
  })

  const post = (path: string, body: string | Uint8Array, contentType = 'application/json') =>
    fetch(`${stack.apiUrl}${path}`, { method: 'POST', headers: { 'content-type': contentType }, body })

  const depth = async (queue: string) => {
    const QueueUrl = stack.queues[queue]?.url
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    return (
      Number(Attributes?.['ApproximateNumberOfMessages']) +
      Number(Attributes?.['ApproximateNumberOfMessagesNotVisible'])
    )
  }

  it('brings a request to the function, to the queue, and from there to the next function', async () => {
    const response = await post('/in/ann%20b?x=1&x=2', 'good')
    expect(response.status).toBe(202)
    expect(response.headers.get('x-kind')).toBe('accepted')
    expect(response.headers.getSetCookie()).toEqual(['seen=1'])
    const { MessageId } = z.object({ MessageId: z.string() }).parse(await response.json())

    await until('the worker has it', () => recordsOf('good').length > 0)
    expect(recordsOf('good')).toEqual([
      expect.objectContaining({
        messageId: MessageId,
        attributes: expect.objectContaining({ ApproximateReceiveCount: '1' }),
        messageAttributes: {
          name: { stringValue: 'ann b', dataType: 'String', stringListValues: [], binaryListValues: [] },
        },
        eventSource: 'aws:sqs',
        eventSourceARN: stack.queues['Work']?.arn,
        awsRegion: 'us-east-1',
      }),
    ])
    const [worker] = seenBy('Worker')
    expect(worker?.remaining).toBeGreaterThan(0)
    expect(worker?.remaining).toBeLessThanOrEqual(1000)
    expect(worker?.arn).toBe(stack.functions.find(({ path }) => path === 'Worker')?.arn)
    await until('the message is deleted', async () => (await depth('Work')) === 0)

    const [event] = eventsOf('Receiver')
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /in/{name}',
      rawPath: '/in/ann b',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      headers: expect.objectContaining({ 'content-type': 'application/json', 'content-length': '4' }),
      pathParameters: { name: 'ann b' },
      body: 'good',
      isBase64Encoded: false,
      requestContext: expect.objectContaining({
        stage: '$default',
        routeKey: 'POST /in/{name}',
        http: expect.objectContaining({ method: 'POST', path: '/in/ann b', sourceIp: '127.0.0.1' }),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      }),
    })
  })

  it('gives back what failed alone, and after its last receive gives it to the dead-letter queue', async () => {
    await stack.pausePollers()
    for (const body of ['fine', 'bad', 'fine']) await post('/in/x', body)
    expect(await depth('Work')).toBe(3)
    const before = seenBy('Worker').length
    stack.resumePollers()
    await until('the dead-letter queue has it', async () => (await depth('Dead')) === 1)

    expect(recordsOf('fine')).toHaveLength(2)
    expect(recordsOf('bad').map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['1', '2'])
    // What waited came as one batch.
    expect(seenBy('Worker')[before]?.records).toHaveLength(3)
    expect(await depth('Work')).toBe(0)
    const dead = await sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.queues['Dead']?.url }))
    expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['bad'])
  })

  it('gives back the whole batch when the function throws', async () => {
    await stack.pausePollers()
    for (const body of ['throw', 'with it']) await post('/in/x', body)
    stack.resumePollers()
    await until('both came twice', () => recordsOf('throw').length === 2 && recordsOf('with it').length === 2)
  })

  it('hands on bytes as base64, and gives them back', async () => {
    const bytes = new Uint8Array([0, 255, 128, 7])
    const response = await post('/other/bytes', bytes, 'application/octet-stream')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
    expect(eventsOf('Other').at(-1)).toMatchObject({ isBase64Encoded: true, body: 'AP+ABw==' })
  })

  it.each([
    ['/other/a/b', 200, { path: '/other/a/b' }],
    ['/nowhere', 404, { message: 'Not Found' }],
    ['/other/%', 400, { message: 'Bad Request' }],
    ['/other/fails', 500, { message: 'Internal Server Error' }],
  ])('answers %s with %i', async (path, status, body) => {
    const response = await post(path, '{}')
    expect([response.status, await response.json()]).toEqual([status, body])
  })

  it('refuses a body above 10 MB', async () => {
    const response = await post('/other/large', new Uint8Array(10 * 1024 * 1024 + 1))
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }])
  })

  it('brings an event from the bus to the function of a rule', async () => {
    await call('AWSEvents.PutEvents', {
      Entries: [{ EventBusName: stack.busName, Source: 'test', DetailType: 'Happened', Detail: '{"a":1}' }],
    })
    const event = () => eventsOf('Other').find((one) => one['detail-type'] === 'Happened')
    await until('the function has it', () => event() !== undefined)
    expect(event()).toMatchObject({ source: 'test', detail: { a: 1 } })
  })

  it('fires what is scheduled', async () => {
    expect(stack.schedules.map(({ path }) => path)).toEqual(['Timed'])
    await stack.schedules[0]?.fire()
    const event = () => eventsOf('Other').find((one) => one['detail-type'] === 'Scheduled Event')
    await until('the function has it', () => event() !== undefined)
    expect(event()).toMatchObject({ source: 'aws.events', detail: {}, resources: [expect.stringContaining(':rule/')] })
  })

  const call = async (target: string, body: unknown) => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'x-amz-target': target,
        authorization: `AWS4-HMAC-SHA256 Credential=TEST/20260101/${gateway.region}/any/aws4_request, Signature=0`,
      },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
  }
})
