import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { onTestFinished, vi } from 'vitest'
import * as z from 'zod'
import { createPublish } from '../../core/publish/bus.ts'
import { type ChangeEvent, changeEventSchema } from '../../core/publish/index.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'

const EXAMPLES = join(import.meta.dirname, '..', '..', 'docs', 'schemas', 'examples')
const BUS = 'hookline-test'
export const STAGE = 'test'

/** An example event of the documentation, with parts of its detail changed. */
export function exampleEvent(name: string, over: Partial<ChangeEvent> = {}): ChangeEvent {
  const file: unknown = JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8'))
  return { ...z.looseObject({ detail: changeEventSchema }).parse(file).detail, ...over }
}

/** The pattern as EventBridge writes it. */
export const writtenPattern = ({ detailType, ...rest }: EventPattern) => ({
  ...rest,
  ...(detailType === undefined ? {} : { 'detail-type': detailType }),
})

/** A bus with one subscriber's rule and queue, and the environment in which its handler finds AWS. */
export async function startSubscription(pattern: EventPattern) {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  gateway.createBus(BUS)
  const queue = await gateway.createQueue({ name: 'subscriber', attributes: {} })
  gateway.putRule({
    name: 'subscriber',
    bus: BUS,
    eventPattern: writtenPattern(pattern),
    targets: [{ id: 'queue', arn: queue.arn }],
  })
  const config = {
    endpoint: gateway.url,
    region: gateway.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const events = new EventBridgeClient(config)
  const sqs = new SQSClient(config)
  const publish = createPublish({ client: events, busName: BUS })

  return {
    gateway,
    publish,
    /** What the function's environment holds; to be called in each test or before all of them. */
    stubEnvironment(): void {
      vi.stubEnv('AWS_ENDPOINT_URL', gateway.url)
      vi.stubEnv('AWS_REGION', gateway.region)
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
      vi.stubEnv('HOOKLINE_STAGE', STAGE)
    },
    /** The messages of so many events, as Lambda hands them over. */
    async batch(count: number) {
      const Records: { messageId: string; body: string }[] = []
      while (Records.length < count) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
        )
        if (Messages.length === 0) throw new Error(`${Records.length} of ${count} messages came`)
        Records.push(...Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body })))
      }
      return { Records }
    },
    async close(): Promise<void> {
      events.destroy()
      sqs.destroy()
      await gateway.close()
    },
  }
}

/** An SQS batch with one event in it, for what need not come over the bus. */
export const batchOf = (...details: unknown[]) => ({
  Records: details.map((detail, i) => ({ messageId: `message ${i}`, body: JSON.stringify({ detail }) })),
})

/** What is written to standard output and error during a test: where a log goes, and where a secret must not. */
export function captureOutput(): () => string {
  let text = ''
  const write = (line: string | Uint8Array) => {
    text += String(line)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(write),
    vi.spyOn(process.stderr, 'write').mockImplementation(write),
    ...(['log', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((line) => void write(String(line))),
    ),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return () => text
}
