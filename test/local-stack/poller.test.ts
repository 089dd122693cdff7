import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import type { InvokeOutcome } from '../../local/stack/lambda/outcome.ts'
import { type PollerOptions, startPoller } from '../../local/stack/poller/poller.ts'
import { until } from './aws-call.ts'

const ok: InvokeOutcome = { kind: 'returned', payload: null }

describe('poller', () => {
  let gateway: AwsGateway
  let sqs: SQSClient
  let queue: { url: string; arn: string }
  let count = 0

  beforeAll(async () => {
    gateway = await startAwsGateway()
    gateway.admit({ accessKeyId: 'TEST', name: 'test', statements: 'all' })
    const credentials = { accessKeyId: 'TEST', secretAccessKey: 'x' }
    sqs = new SQSClient({ endpoint: gateway.url, region: gateway.region, credentials })
  })
  beforeEach(async () => {
    queue = await gateway.createQueue({ name: `queue-${++count}`, attributes: {} })
  })
  afterAll(() => gateway.close())

  async function send(messages: number): Promise<void> {
    for (let at = 0; at < messages; at += 10) {
      const Entries = Array.from({ length: Math.min(10, messages - at) }, (_, index) => ({
        Id: String(index),
        MessageBody: String(at + index),
      }))
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }))
    }
  }

  const start = (more: Partial<PollerOptions>) =>
    startPoller({
      sqs,
      queue,
      region: gateway.region,
      batchSize: 10,
      windowSeconds: 0,
      reportsFailures: true,
      concurrency: 1,
      invoke: async () => ok,
      onError: () => undefined,
      ...more,
    })

  const depth = async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] })
    const { Attributes } = await sqs.send(command)
    return [Attributes?.['ApproximateNumberOfMessages'], Attributes?.['ApproximateNumberOfMessagesNotVisible']]
  }

  const sizeOf = (event: unknown) => (JSON.stringify(event).match(/"messageId"/g) ?? []).length

  it('takes what is there at once, in full batches, and deletes it', async () => {
    await send(25)
    const sizes: number[] = []
    const poller = start({
      invoke: async (event) => {
        sizes.push(sizeOf(event))
        return ok
      },
    })
    await until('all are gone', async () => (await depth()).join() === '0,0')
    await poller.close()
    expect(sizes).toEqual([10, 10, 5])
  })

  it('collects beyond ten messages when it has a window', async () => {
    await send(15)
    const sizes: number[] = []
    const poller = start({
      batchSize: 15,
      windowSeconds: 5,
      invoke: async (event) => {
        sizes.push(sizeOf(event))
        return ok
      },
    })
    await until('all are gone', async () => (await depth()).join() === '0,0')
    await poller.close()
    expect(sizes).toEqual([15])
  })

  it('keeps to its concurrency', async () => {
    await send(60)
    let running = 0
    let most = 0
    const poller = start({
      concurrency: 3,
      invoke: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 50))
        running -= 1
        return ok
      },
    })
    await until('all are gone', async () => (await depth()).join() === '0,0')
    await poller.close()
    expect(most).toBe(3)
  })

  it('takes nothing while it is paused, and goes on afterwards', async () => {
    let taken = 0
    const poller = start({
      concurrency: 4,
      invoke: async (event) => {
        taken += sizeOf(event)
        return ok
      },
    })
    await poller.pause()
    await send(5)
    expect(await depth()).toEqual(['5', '0'])
    expect(taken).toBe(0)
    poller.resume()
    await until('all are taken', () => taken === 5)
    await poller.close()
  })

  it('goes on after a call that failed, and tells of it', async () => {
    let refuse = true
    const stop = gateway.intercept((call) => {
      if (call.action === 'sqs:ReceiveMessage' && refuse) throw new Error('down')
    })
    const told: unknown[] = []
    let taken = 0
    const poller = start({
      onError: (error) => {
        told.push(error)
        refuse = false
      },
      invoke: async (event) => {
        taken += sizeOf(event)
        return ok
      },
    })
    await send(1)
    await until('it is taken', () => taken === 1)
    await poller.close()
    stop()
    expect(told.length).toBeGreaterThan(0)
  })
})
