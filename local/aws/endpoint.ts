import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { WireReply } from './call.ts'

/** Above the largest request of any service: DynamoDB's 16 MiB. */
const MAX_BODY_BYTES = 17 * 1024 * 1024

export type WireRequest = {
  method: string
  /** Path and query as they were asked for. */
  url: string
  contentType: string | undefined
  target: string | undefined
  authorization: string | undefined
  headers: IncomingHttpHeaders
  /** The body, as it came and as text. */
  bytes: Buffer
  text: string
  /** Aborted when the client has gone. */
  signal: AbortSignal
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

const single = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)

function send(response: ServerResponse, reply: WireReply, requestId: string): void {
  if (response.destroyed) return
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.body),
    'x-amzn-requestid': requestId,
  })
  response.end(reply.body)
}

/**
 * Listens on the loopback interface only, port 0 for any free one.
 * @throws the listener's error, `EADDRINUSE` when the port is taken
 */
export async function listen(port: number, serve: (request: WireRequest) => Promise<WireReply>) {
  let served = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    served += 1
    const requestId = `local-${served}`
    const bytes = await readBody(request)
    if (bytes === null) {
      response.setHeader('connection', 'close')
      send(response, { status: 413, headers: {}, body: '' }, requestId)
      return
    }
    const reply = await serve({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      contentType: request.headers['content-type'],
      target: single(request.headers['x-amz-target']),
      authorization: request.headers.authorization,
      headers: request.headers,
      bytes,
      text: bytes.toString('utf8'),
      signal: gone.signal,
    })
    send(response, reply, requestId)
  }

  const server = createServer((request, response) => {
    // `serve` answers every fault itself; what is left is a client that went away while it was being read.
    answer(request, response).catch(() => response.destroy())
  })
  // The SDK keeps its connections: one that the server closes first costs the client a failed call.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The endpoint has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
