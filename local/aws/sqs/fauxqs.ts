import { buildApp } from 'fauxqs'
import * as z from 'zod'
import type { Home, Reply } from '../call.ts'

/** The account that fauxqs writes into every ARN and URL; it cannot be told another. */
export const FAUXQS_ACCOUNT = '000000000000'

/** What SQS carries as text, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const UNCARRIED = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/**
 * fauxqs checks message bodies UTF-16 unit by unit and so refuses every character above U+FFFF, emoji among them, which
 * SQS carries. Its pattern is one shared object: here it gets the right test.
 */
async function allowAstralCharacters(): Promise<void> {
  const loaded: unknown = await import(new URL('./sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href)
  const pattern = z.object({ INVALID_MESSAGE_BODY_CHAR: z.instanceof(RegExp) }).parse(loaded).INVALID_MESSAGE_BODY_CHAR
  pattern.test = (text) => UNCARRIED.test(text)
}

const messageSchema = z.looseObject({ sentTimestamp: z.number() })
const contentSchema = z.looseObject({
  messages: z.looseObject({
    ready: z.array(messageSchema),
    inflight: z.array(z.looseObject({ message: messageSchema })),
  }),
})

/** How many messages of a queue can be received, how many are being worked on, and when the oldest of them was sent (ms). */
export type QueueContent = { visible: number; inFlight: number; oldestAt: number | null }

/**
 * fauxqs without a port: `startFauxqs` would bind every interface, so its app is called in process.
 * `call` takes the operation and the request as JSON text.
 */
export async function openFauxqs(home: Home) {
  await allowAstralCharacters()
  const app = buildApp({ logger: false, defaultRegion: home.region })
  await app.ready()
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    // It takes the region of a new queue from the credential.
    authorization: `AWS4-HMAC-SHA256 Credential=local/20000101/${home.region}/sqs/aws4_request`,
  }
  return {
    async call(operation: string, text: string): Promise<Reply> {
      const answer = await app.inject({
        method: 'POST',
        url: '/',
        headers: { ...headers, 'x-amz-target': `AmazonSQS.${operation}` },
        payload: text,
      })
      return {
        status: answer.statusCode,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: answer.payload,
      }
    },
    /** What a queue holds, without taking anything of it; null for one that does not exist. */
    async look(name: string): Promise<QueueContent | null> {
      const answer = await app.inject({ method: 'GET', url: `/_fauxqs/queues/${encodeURIComponent(name)}` })
      if (answer.statusCode !== 200) return null
      const { ready, inflight } = contentSchema.parse(JSON.parse(answer.payload)).messages
      const sent = [...ready, ...inflight.map(({ message }) => message)].map(({ sentTimestamp }) => sentTimestamp)
      const oldestAt = sent.length === 0 ? null : sent.reduce((a, b) => Math.min(a, b))
      return { visible: ready.length, inFlight: inflight.length, oldestAt }
    },
    close: () => app.close(),
  }
}
export type Fauxqs = Awaited<ReturnType<typeof openFauxqs>>
