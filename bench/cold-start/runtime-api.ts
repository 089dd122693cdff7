import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import * as z from 'zod'

/** What became of the first invocation. Times are of this process's `performance.now()`. */
export type Outcome =
  /** `askedAt`: the runtime was ready and asked for work, which is where Lambda ends the init phase. */
  | { kind: 'answered'; askedAt: number; answeredAt: number; answer: unknown }
  | { kind: 'failed'; during: 'init' | 'invocation'; message: string }

export type RuntimeApi = {
  /** Host and port, for AWS_LAMBDA_RUNTIME_API. */
  authority: string
  outcome: Promise<Outcome>
  close(): Promise<void>
}

const REQUEST_ID = '8476a536-e9f4-11e8-9739-2dfe598c3fcd'
const INVOKED_FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:bench'
/** The longest that API Gateway waits is 30 s. */
const TIMEOUT_MS = 30_000

const POSTED = /^\/2018-06-01\/runtime\/(?:init\/error|invocation\/([^/]+)\/(response|error))$/
const errorSchema = z.object({ errorMessage: z.string() })

/**
 * Lambda's Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) on the loopback, for one runtime and one
 * invocation. Whoever asks for a second waits until it is closed, as a runtime is frozen that has nothing to do.
 */
export async function startRuntimeApi(event: unknown): Promise<RuntimeApi> {
  const { promise: outcome, resolve: conclude } = Promise.withResolvers<Outcome>()
  let askedAt: number | null = null

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = performance.now()
    const { method, url = '' } = request
    if (method === 'GET' && url === '/2018-06-01/runtime/invocation/next') {
      if (askedAt !== null) return
      askedAt = now
      give(response, event)
      return
    }
    const [posted, id, kind] = (method === 'POST' && POSTED.exec(url)) || []
    if (posted === undefined) {
      send(response, 404, { errorType: 'NotFound', errorMessage: `There is no ${method} ${url}` })
      return
    }
    // An id of none that was given, or an answer before anything was asked for.
    if (kind !== undefined && (id !== REQUEST_ID || askedAt === null)) {
      send(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
      return
    }
    const body: unknown = await json(request)
    if (kind === 'response' && askedAt !== null) {
      conclude({ kind: 'answered', askedAt, answeredAt: now, answer: body })
    } else {
      const told = errorSchema.safeParse(body)
      const message = told.success ? told.data.errorMessage : JSON.stringify(body)
      conclude({ kind: 'failed', during: kind === 'error' ? 'invocation' : 'init', message })
    }
    send(response, 202, { status: 'OK' })
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() =>
      send(response, 400, { errorType: 'InvalidRequest', errorMessage: 'That is no JSON' }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  return {
    authority: `127.0.0.1:${port}`,
    outcome,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function give(response: ServerResponse, event: unknown): void {
  response.setHeader('lambda-runtime-aws-request-id', REQUEST_ID)
  response.setHeader('lambda-runtime-deadline-ms', Date.now() + TIMEOUT_MS)
  response.setHeader('lambda-runtime-invoked-function-arn', INVOKED_FUNCTION)
  send(response, 200, event)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
