import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Api, BodyRead } from './exchange.ts'

/** The largest body that is read: more than any call needs. */
const MOST_BYTES = 2 * 1024 * 1024

/** A request's JSON. What is too large is read to its end and thrown away, so that the answer can be received. */
export async function readJson(request: IncomingMessage): Promise<BodyRead> {
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume()
    return { kind: 'empty' }
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  if (size > MOST_BYTES) return { kind: 'bad', why: 'Request entity too large' }
  if (size === 0) return { kind: 'empty' }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return { kind: 'json', value }
  } catch {
    return { kind: 'bad', why: 'Unexpected token in JSON' }
  }
}

/** The API over HTTP. `path` is what follows the base. */
export async function answerOverHttp(api: Api, request: IncomingMessage, response: ServerResponse, path: string) {
  const { method = 'GET', headers } = request
  const { authorization } = headers
  const answer = await api({ method, path, authorization, body: () => readJson(request) })
  if (answer.kind === 'disconnected') {
    request.socket.destroy()
    return
  }
  // A body that nobody wanted would hold up the connection.
  request.resume()
  sendJson(response, answer.status, answer.body, answer.headers)
}

/** Sends JSON; undefined sends no body. `date` replaces the machine's own time in the header. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return
  response.sendDate = false
  const text = body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    ...(status === 204 ? {} : { 'Content-Length': Buffer.byteLength(text) }),
  })
  response.end(text)
}
