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
    close: () => app.close(),
  }
}
export type Fauxqs = Awaited<ReturnType<typeof openFauxqs>>
