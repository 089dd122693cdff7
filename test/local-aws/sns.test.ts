import { createServer } from 'node:http'
import {
  ConfirmSubscriptionCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, eventually, refusalOf } from './clients.ts'

let gateway: AwsGateway
let sns: SNSClient
let topic: string

const clientFor = (statements: Statement[] | 'all') => {
  gateway.admit({ accessKeyId: 'READER', name: 'reader', statements })
  const credentials = { accessKeyId: 'READER', secretAccessKey: 'none' }
  return new SNSClient({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
}

beforeEach(async () => {
  gateway = await startAwsGateway()
  sns = clientFor('all')
  topic = gateway.sns.createTopic({ name: 'page', attributes: { DisplayName: 'Page & warn' } }).arn
})
afterEach(async () => {
  sns.destroy()
  await gateway.close()
})

const subscriptions = async () =>
  (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))).Subscriptions ?? []

test('an e-mail address is pending until somebody confirms it', async () => {
  gateway.sns.subscribe(topic, 'email', 'ops@example.com')
  expect(await subscriptions()).toMatchObject([
    { Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'PendingConfirmation', TopicArn: topic },
  ])
  const [{ token = '' } = {}] = gateway.sns.topics()[0]?.subscriptions ?? []
  const wrong = sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: 'guessed' }))
  expect(await refusalOf(wrong)).toMatchObject({ name: 'InvalidParameterException' })
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: token }))
  const [confirmed] = await subscriptions()
  expect(confirmed?.SubscriptionArn).toMatch(`${topic}:`)
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))
  expect(Attributes).toMatchObject({
    SubscriptionsConfirmed: '1',
    SubscriptionsPending: '0',
    DisplayName: 'Page & warn',
  })
})

test('what is published comes to a queue, as SNS wraps it', async () => {
  const { url, arn } = await gateway.createQueue({ name: 'heard', attributes: {} })
  const answer = await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: arn }))
  expect(answer.SubscriptionArn).toMatch(`${topic}:`)
  await sns.send(new PublishCommand({ TopicArn: topic, Subject: 'ALARM: <it>', Message: '{"a": "ü & 1"}' }))
  const { sqs } = clientsOf(gateway, 'listener')
  const message = await eventually(
    async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 0 }))).Messages?.[0],
  )
  expect(JSON.parse(message.Body ?? '')).toMatchObject({
    ...{ Type: 'Notification', TopicArn: topic, Subject: 'ALARM: <it>', Message: '{"a": "ü & 1"}' },
  })
  sqs.destroy()
})

test('an endpoint of this machine is asked first, and hears nothing before it has confirmed', async () => {
  const heard: { type: string; Token?: string | undefined; Message: string }[] = []
  const schema = z.looseObject({ Token: z.string().optional(), Message: z.string() })
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    heard.push({
      type: String(request.headers['x-amz-sns-message-type']),
      ...schema.parse(JSON.parse(Buffer.concat(chunks).toString())),
    })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'http', Endpoint: `http://127.0.0.1:${port}/` }))
    const asked = await eventually(async () => heard[0])
    expect(asked.type).toBe('SubscriptionConfirmation')
    await sns.send(new PublishCommand({ TopicArn: topic, Message: 'too early' }))
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: asked.Token }))
    await sns.send(new PublishCommand({ TopicArn: topic, Message: 'now' }))
    expect(await eventually(async () => heard[1])).toMatchObject({ type: 'Notification', Message: 'now' })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('one that was ended is gone, and what does not exist is told so', async () => {
  const { arn } = gateway.sns.subscribe(topic, 'lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f')
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }))
  expect(await subscriptions()).toEqual([])
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: topic }])
  const other = `${topic}-other`
  expect(await refusalOf(sns.send(new GetTopicAttributesCommand({ TopicArn: other })))).toMatchObject({
    name: 'NotFoundException',
  })
  expect(await refusalOf(sns.send(new PublishCommand({ TopicArn: other, Message: 'x' })))).toMatchObject({
    name: 'NotFoundException',
  })
})

test('publishing needs its right', async () => {
  const other = clientFor([{ effect: 'Allow', actions: ['sns:Publish'], resources: [`${topic}-other`] }])
  const refused = await refusalOf(other.send(new PublishCommand({ TopicArn: topic, Message: 'x' })))
  expect(refused.message).toContain('is not authorized to perform: sns:Publish')
  other.destroy()
})
