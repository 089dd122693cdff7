import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { ENV } from '../../../core/platform/env-names.ts'
import { signingSecretName } from '../../../core/platform/names.ts'
import { startAwsGateway } from '../../aws/gateway.ts'
import { CHOOSY, CHOOSY_LIST, CONNECTION, SECRET } from './case.ts'

const STAGE = 'hostile'

export type Queued = { readonly body: string; readonly attributes: Readonly<Record<string, string>> }

/** What one request came to. */
export type Knocked = {
  readonly ended:
    | { readonly kind: 'answered'; readonly status: number; readonly body: string }
    | { readonly kind: 'threw'; readonly error: unknown }
  /** What the function wrote, line by line. */
  readonly lines: readonly string[]
  /** What is on the queue because of it. */
  readonly queued: readonly Queued[]
  /** How often something was parsed as JSON that was the body. */
  readonly parsed: number
}

/** The verifier's handler as it is deployed, with a queue and secrets behind a loopback endpoint. */
export type Door = {
  /** @param first what somebody in front of the function does */
  knock(event: unknown, first?: () => void): Promise<Knocked>
  close(): Promise<void>
}

const answerSchema = z.strictObject({
  statusCode: z.number(),
  headers: z.strictObject({ 'content-type': z.literal('application/json') }),
  body: z.string(),
})

/** Starts it. The process's environment is the function's until the door is closed. */
export async function openDoor(): Promise<Door> {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'local', name: 'verifier', statements: 'all' })
  const { url: QueueUrl } = await gateway.createQueue({ name: 'deliveries', attributes: {} })
  const value = JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret: SECRET, state: 'active' } } })
  for (const name of [CONNECTION, CHOOSY]) await gateway.createSecret({ name: signingSecretName(STAGE, name), value })
  const restore = useEnvironment({
    AWS_ENDPOINT_URL: gateway.url,
    AWS_REGION: gateway.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    [ENV.stage]: STAGE,
    [ENV.connections]: JSON.stringify([connection(CONNECTION), connection(CHOOSY, { lists: [CHOOSY_LIST] })]),
    [ENV.deliveriesQueueUrl]: QueueUrl,
  })
  const { handler } = await import('../../../functions/verifier/handler.ts')
  const sqs = new SQSClient({
    ...{ endpoint: gateway.url, region: gateway.region },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  let sent = 0
  gateway.intercept(({ action }) => {
    if (action === 'sqs:SendMessage') sent += 1
    return undefined
  })

  async function taken(): Promise<Queued[]> {
    if (sent === 0) return []
    sent = 0
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    )
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
      body: Body,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
      ),
    }))
  }

  return {
    async knock(event, first = () => undefined) {
      const spy = spyOnParse(bodyOf(event))
      const output = captureOutput()
      const ended = await answerOf(async () => {
        first()
        return handler(event)
      }).finally(() => {
        output.end()
        spy.end()
      })
      return { ended, lines: output.lines(), queued: await taken(), parsed: spy.count() }
    },
    async close() {
      restore()
      sqs.destroy()
      await gateway.close()
    },
  }
}

const connection = (name: string, filter: object = {}) => ({ name, filter, storeComments: false, storeEmails: false })

async function answerOf(ask: () => Promise<unknown>): Promise<Knocked['ended']> {
  try {
    const { statusCode, body } = answerSchema.parse(await ask())
    return { kind: 'answered', status: statusCode, body }
  } catch (error) {
    return { kind: 'threw', error }
  }
}

const eventSchema = z.looseObject({ body: z.string(), isBase64Encoded: z.boolean().catch(false) })

/** The body as text, however the event carries it; null where it has none. */
function bodyOf(event: unknown): string | null {
  const parsed = eventSchema.safeParse(event)
  if (!parsed.success) return null
  const { body, isBase64Encoded } = parsed.data
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
}

/** Counts how often the body is parsed as JSON. What else the process parses is not meant. */
function spyOnParse(body: string | null) {
  const real = JSON.parse
  let count = 0
  JSON.parse = (text, reviver) => {
    if (body !== null && text === body) count += 1
    return real(text, reviver)
  }
  return {
    count: () => count,
    end: () => {
      JSON.parse = real
    },
  }
}

/** Keeps what is written to standard output and standard error, where Lambda takes a function's lines from. */
function captureOutput() {
  const streams = [process.stdout, process.stderr]
  const real = streams.map((stream) => stream.write)
  let written = ''
  const keep = (chunk: string | Uint8Array) => {
    written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  for (const stream of streams) stream.write = keep
  return {
    lines: () => written.split('\n').filter((line) => line !== ''),
    end: () => {
      for (const [i, stream] of streams.entries()) stream.write = real[i] ?? stream.write
    },
  }
}

function useEnvironment(variables: Record<string, string>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
