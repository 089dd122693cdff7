import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSServiceException,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, eventually, refusalOf } from './clients.ts'

let gateway: AwsGateway
let sqs: ReturnType<typeof clientsOf>['sqs']
const account = '123456789012'
const region = 'eu-west-1'

beforeAll(async () => {
  gateway = await startAwsGateway({ region, account })
  sqs = clientsOf(gateway, 'admin').sqs
})
afterAll(() => gateway.close())

let made = 0
async function queue(attributes: Record<string, string> = {}) {
  made += 1
  return gateway.createQueue({ name: `queue-${made}`, attributes })
}

const receive = (url: string, input: Partial<ReceiveMessageCommand['input']> = {}) =>
  sqs.send(new ReceiveMessageCommand({ QueueUrl: url, ...input }))

describe('queues', () => {
  it('have URLs at the gateway and ARNs of its account and region', async () => {
    const { url, arn } = await queue()
    const name = `queue-${made}`
    expect({ url, arn }).toEqual({
      url: `${gateway.url}/${account}/${name}`,
      arn: `arn:aws:sqs:${region}:${account}:${name}`,
    })
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(url)
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls).toEqual([url])
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))
    expect(Attributes?.['QueueArn']).toBe(arn)
  })

  it('are made by a client too, and keep a redrive policy as it was given', async () => {
    const dead = await queue()
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 })
    const created = await sqs.send(new CreateQueueCommand({ QueueName: 'by-client', Attributes: { RedrivePolicy } }))
    expect(created.QueueUrl).toBe(`${gateway.url}/${account}/by-client`)
    const QueueUrl = created.QueueUrl
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }))
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
    )
    expect(Attributes?.['RedrivePolicy']).toBe(RedrivePolicy)
  })

  it('move a message that was received too often to the dead-letter queue', async () => {
    const dead = await queue()
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 })
    const { url } = await queue({ RedrivePolicy, VisibilityTimeout: '0' })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }))
    for (const count of ['1', '2']) {
      const { Messages } = await receive(url, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] })
      expect(Messages?.[0]?.Attributes?.ApproximateReceiveCount).toBe(count)
    }
    expect((await receive(url)).Messages).toBeUndefined()
    expect((await receive(dead.url)).Messages?.[0]?.Body).toBe('poison')
  })
})

describe('messages', () => {
  it('of up to 1 MiB go through, a byte more does not', async () => {
    const { url } = await queue()
    const body = 'é'.repeat(512 * 1024)
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }))
    expect((await receive(url)).Messages?.[0]?.Body).toBe(body)
    const refused = await refusalOf(sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `${body}x` })))
    expect(refused.name).toBe('InvalidParameterValue')
  })

  it('carry characters above U+FFFF, but no control characters', async () => {
    const { url } = await queue()
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'done 🎉' }))
    expect((await receive(url)).Messages?.[0]?.Body).toBe('done 🎉')
    const refused = await refusalOf(sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'bell \u0007' })))
    expect(refused.name).toBe('InvalidMessageContents')
  })

  it('give their attributes only when asked', async () => {
    const { url } = await queue({ VisibilityTimeout: '0' })
    const MessageAttributes = { reason: { DataType: 'String', StringValue: 'gone' } }
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes }))
    expect((await receive(url)).Messages?.[0]).not.toHaveProperty('MessageAttributes')
    const asked = await receive(url, { MessageAttributeNames: ['All'] })
    expect(asked.Messages?.[0]?.MessageAttributes).toEqual(MessageAttributes)
  })

  it('may be delayed by 15 minutes and no longer', async () => {
    const { url } = await queue()
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 900 }))
    expect(
      await refusalOf(sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 901 }))),
    ).toEqual({
      name: 'InvalidParameterValue',
      message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    })
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'late', MessageBody: 'x', DelaySeconds: 901 },
    ]
    const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    expect(batch.Successful?.map(({ Id }) => Id)).toEqual(['good'])
    expect(batch.Failed).toMatchObject([{ Id: 'late', Code: 'InvalidParameterValue', SenderFault: true }])
  })

  it('have at most 10 attributes', async () => {
    const { url } = await queue()
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { DataType: 'String', StringValue: 'v' }]))
    const send = (count: number) =>
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes: attributes(count) }))
    await send(10)
    expect(await refusalOf(send(11))).toMatchObject({ name: 'InvalidParameterValue' })
  })

  it('are deleted singly and in batches', async () => {
    const { url } = await queue({ VisibilityTimeout: '0' })
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    const { Messages: messages = [] } = await receive(url, { MaxNumberOfMessages: 10, VisibilityTimeout: 30 })
    const handles = messages.map(({ ReceiptHandle }) => ReceiptHandle)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handles[0] }))
    const rest = handles.slice(1).map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: rest }))
    const attributes = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })
    expect((await sqs.send(attributes)).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    })
  })
})

describe('long polling', () => {
  it('answers as soon as something is sent', async () => {
    const { url } = await queue()
    const waiting = receive(url, { WaitTimeSeconds: 20 })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'now' }))
    expect((await waiting).Messages?.[0]?.Body).toBe('now')
  })

  it('answers when a message becomes visible again, and takes the wait of the queue by default', async () => {
    const { url } = await queue({ ReceiveMessageWaitTimeSeconds: '20' })
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'again' }))
    const first = (await receive(url)).Messages?.[0]
    const waiting = receive(url)
    const change = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }
    await sqs.send(new ChangeMessageVisibilityCommand(change))
    expect((await waiting).Messages?.[0]?.Body).toBe('again')
    await expect(receive(url, { WaitTimeSeconds: 0 })).resolves.not.toHaveProperty('Messages')
  })

  it('hands nothing to a client that has gone', async () => {
    let attempts = 0
    const kept = await eventually(async () => {
      attempts += 1
      const { url } = await queue()
      const gone = new AbortController()
      const polling = Promise.withResolvers<void>()
      const remove = gateway.intercept(() => polling.resolve())
      const poll = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 })
      const refused = refusalOf(sqs.send(poll, { abortSignal: gone.signal }))
      await polling.promise
      remove()
      gone.abort()
      await refused
      // Nothing tells when the gateway has seen the socket close, so a little longer is left for it each time.
      await new Promise((resolve) => setTimeout(resolve, attempts * 5))
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' }))
      return (await receive(url)).Messages?.[0]?.Body
    })
    expect(kept).toBe('kept')
  })
})

describe('refusals', () => {
  it.each<{ name: string; call: (url: string) => Promise<unknown> }>([
    {
      name: 'QueueDoesNotExist',
      call: (url) => sqs.send(new SendMessageCommand({ QueueUrl: `${url}-not`, MessageBody: 'x' })),
    },
    { name: 'QueueDoesNotExist', call: () => sqs.send(new GetQueueUrlCommand({ QueueName: 'not' })) },
    { name: 'QueueDoesNotExist', call: (url) => receive(`${url}-not`) },
    { name: 'InvalidParameterValue', call: (url) => receive(url, { MaxNumberOfMessages: 11 }) },
    { name: 'InvalidParameterValue', call: (url) => receive(url, { WaitTimeSeconds: 21 }) },
    { name: 'EmptyBatchRequest', call: (url) => sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] })) },
    {
      name: 'BatchEntryIdsNotDistinct',
      call: (url) => {
        const Entries = [1, 2].map(() => ({ Id: 'a', MessageBody: 'x' }))
        return sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
      },
    },
    {
      name: 'BatchRequestTooLong',
      call: (url) => {
        const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) }))
        return sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
      },
    },
    {
      name: 'MessageNotInflight',
      call: (url) => {
        const change = { QueueUrl: url, ReceiptHandle: 'none', VisibilityTimeout: 0 }
        return sqs.send(new ChangeMessageVisibilityCommand(change))
      },
    },
    {
      name: 'InvalidAttributeValue',
      call: (url) =>
        sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '43201' } })),
    },
    {
      name: 'QueueNameExists',
      call: async (url) => {
        const QueueName = url.replace(/^.*\//, '')
        return sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '1' } }))
      },
    },
  ])('come out as the SDK names them: $name', async ({ name, call }) => {
    const { url } = await queue()
    await expect(call(url)).rejects.toBeInstanceOf(SQSServiceException)
    expect((await refusalOf(call(url))).name).toBe(name)
  })
})
