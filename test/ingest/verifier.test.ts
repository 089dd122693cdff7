import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { awsEnv, awsServer } from '../platform/aws-server.ts'
import { linesOf } from '../platform/output.ts'
import { request, SECRET_A } from './bench.ts'
import { taskDelivery } from './deliveries.ts'

const CONNECTION = { name: 'acme', filter: {}, storeComments: false, storeEmails: false }
const SECRET = { v: 1, slots: { a: { webhookId: 'w', secret: SECRET_A, state: 'active' } } }

/** The event of an HTTP API, payload format 2.0, as far as anybody looks at it. */
function httpEvent(body: unknown, { slot = 'a', secret = SECRET_A } = {}) {
  const { headers, body: text } = request(body, { secret })
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/clickup/{connection}/{slot}',
    headers,
    pathParameters: { connection: 'acme', slot },
    body: text,
    isBase64Encoded: false,
  }
}

/** Secrets Manager and SQS; the queue refuses while `refusing` says so. */
const services = (refusing = () => false) =>
  awsServer((incoming, body, response) => {
    const target = incoming.headers['x-amz-target']
    if (target === 'secretsmanager.GetSecretValue') {
      response.end(JSON.stringify({ SecretString: JSON.stringify(SECRET) }))
    } else if (refusing()) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(JSON.stringify({ __type: 'com.amazonaws.sqs#AccessDenied', message: 'no' }))
    } else {
      const md5 = createHash('md5').update(JSON.parse(body).MessageBody).digest('hex')
      response.end(JSON.stringify({ MessageId: 'm', MD5OfMessageBody: md5 }))
    }
  })

function useEnv(url: string) {
  const variables = {
    ...awsEnv(url),
    [ENV.stage]: 'dev',
    [ENV.connections]: JSON.stringify([CONNECTION]),
    [ENV.deliveriesQueueUrl]: `${url}/1/deliveries`,
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}

/** A cold start. */
const load = async () => (await import('../../functions/verifier/handler.ts')).handler

beforeEach(() => {
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the verifier', () => {
  it('begins to read the secret at start, queues a signed delivery and answers', async () => {
    const aws = await services()
    useEnv(aws.url)
    const handler = await load()
    await vi.waitFor(() => expect(aws.seen).toHaveLength(1))
    const lines = await linesOf(async () => {
      expect(await handler(httpEvent(taskDelivery()))).toEqual({
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"status":"accepted"}',
      })
    })
    expect(aws.seen.map(({ target }) => target)).toEqual(['secretsmanager.GetSecretValue', 'AmazonSQS.SendMessage'])
    expect(JSON.parse(aws.seen[0]?.body ?? '')).toEqual({
      SecretId: 'hookline/dev/acme/signing',
      VersionStage: 'AWSCURRENT',
    })
    expect(JSON.parse(aws.seen[1]?.body ?? '')).toMatchObject({
      MessageBody: JSON.stringify(taskDelivery()),
      MessageAttributes: { connection: { DataType: 'String', StringValue: 'acme' } },
    })
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { message: 'delivery', decision: 'accepted', service: 'verifier' },
      { DeliveriesAccepted: 1, service: 'hookline', stage: 'dev' },
    ])
  })

  it('takes a body that API Gateway gives as base64', async () => {
    const aws = await services()
    useEnv(aws.url)
    const handler = await load()
    const event = httpEvent(taskDelivery())
    const encoded = { ...event, body: Buffer.from(event.body ?? '').toString('base64'), isBase64Encoded: true }
    await linesOf(async () => {
      expect(await handler(encoded)).toMatchObject({ statusCode: 200 })
    })
    expect(JSON.parse(aws.seen.at(-1)?.body ?? '')).toMatchObject({ MessageBody: JSON.stringify(taskDelivery()) })
  })

  it('refuses what is forged, and anything that is no event at all', async () => {
    const aws = await services()
    useEnv(aws.url)
    const handler = await load()
    const events = [httpEvent(taskDelivery(), { secret: 'guess' }), httpEvent(taskDelivery(), { slot: 'z' })]
    await linesOf(async () => {
      for (const event of [...events, {}, undefined, 'x', { pathParameters: null, headers: { a: 1 }, body: 7 }]) {
        expect(await handler(event)).toMatchObject({ statusCode: 403, body: '{"error":"refused"}' })
      }
    })
    expect(aws.seen.map(({ target }) => target)).not.toContain('AmazonSQS.SendMessage')
  })

  it('answers 503 when the queue refuses, and counts it', async () => {
    const aws = await services(() => true)
    useEnv(aws.url)
    const handler = await load()
    const lines = await linesOf(async () => {
      expect(await handler(httpEvent(taskDelivery()))).toMatchObject({ statusCode: 503 })
    })
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: 'ERROR', decision: 'unavailable', reason: 'queue', error: { name: 'AccessDenied' } },
      { DeliveriesUnavailable: 1 },
    ])
  })

  it('says at every invocation which variable is wrong, and recovers', async () => {
    const aws = await services()
    useEnv(aws.url)
    vi.stubEnv(ENV.connections, 'nonsense')
    const handler = await load()
    await expect(handler(httpEvent(taskDelivery()))).rejects.toThrow(`${ENV.connections}: is not JSON`)
    useEnv(aws.url)
    await linesOf(async () => {
      expect(await handler(httpEvent(taskDelivery()))).toMatchObject({ statusCode: 200 })
    })
  })

  it('starts while the secrets cannot be read, and reads them when they can', async () => {
    const closed = await awsServer((_request, _body, response) => {
      response.writeHead(400)
      response.end('{"__type":"AccessDeniedException"}')
    })
    useEnv(closed.url)
    const handler = await load()
    const lines = await linesOf(async () => {
      expect(await handler(httpEvent(taskDelivery()))).toMatchObject({ statusCode: 503 })
    })
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { reason: 'secret' },
      { DeliveriesUnavailable: 1 },
    ])
    expect(closed.seen.length).toBeGreaterThan(0)
  })
})
