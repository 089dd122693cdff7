import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../../../core/platform/clock.ts'
import { StackError } from '../errors.ts'
import type { InvokeOutcome } from '../lambda/outcome.ts'
import { toEvent } from './event.ts'
import { gatewayAnswer, type HttpAnswer, INTERNAL_SERVER_ERROR, toAnswer } from './response.ts'
import { findRoute, type RoutePattern, type StageRecord } from './routes.ts'
import { createThrottle, type Throttle } from './throttle.ts'

const MAX_BODY_BYTES = 10 * 1024 * 1024

type FrontRoute = {
  key: string
  pattern: RoutePattern
  timeoutMs: number
  invoke(event: unknown): Promise<InvokeOutcome>
}

/** What the front serves once the template is made. */
export type FrontTable = {
  account: string
  apiId: string
  stage: StageRecord
  routes: FrontRoute[]
  /** Gets to know of every answer. */
  onAnswer(status: number, latencyMs: number): void
}

export type HttpFront = {
  /** Without a slash at the end. */
  url: string
  serve(table: FrontTable): void
  /** Ends at once, whatever is under way. */
  close(): Promise<void>
}

/**
 * API Gateway's place on this machine, on loopback only. Answers 404 until it is told what to serve.
 * @throws StackError (`portBusy`) when the port is taken.
 */
export async function startHttpFront(options: { port: number; clock: Clock }): Promise<HttpFront> {
  let serving: (FrontTable & { throttle: Throttle }) | undefined

  const server = createServer((request, response) => {
    const began = options.clock.now()
    answer(request)
      .catch(() => INTERNAL_SERVER_ERROR)
      .then((given) => {
        serving?.onAnswer(given.status, options.clock.now() - began)
        write(response, given)
      })
  })

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readBody(request)
    if (!body) return gatewayAnswer(413, 'Request Entity Too Large')
    const [rawPath = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const path = decoded(rawPath)
    if (path === undefined) return gatewayAnswer(400, 'Bad Request')
    const inStage = serving && withoutStage(rawPath, serving.stage.name)
    const match = inStage && serving && findRoute(serving.routes, request.method ?? 'GET', inStage)
    if (!serving || !match) return gatewayAnswer(404, 'Not Found')
    const { route, pathParameters } = match
    if (!serving.throttle(route.key)) return gatewayAnswer(429, 'Too Many Requests')
    const event = toEvent(request, body, {
      account: serving.account,
      apiId: serving.apiId,
      stage: serving.stage.name,
      stageVariables: serving.stage.variables,
      routeKey: route.key,
      pathParameters,
      path,
      query,
      now: options.clock.now(),
    })
    return integrate(route, event)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === 'EADDRINUSE'
      reject(busy ? new StackError('portBusy', `Port ${options.port} is in use by another program`, { cause }) : cause)
    })
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port

  return {
    url: `http://127.0.0.1:${port}`,
    serve: (table) => {
      serving = { ...table, throttle: createThrottle(table.stage, options.clock) }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function integrate(route: FrontRoute, event: unknown): Promise<HttpAnswer> {
  const { promise: timedOut, resolve } = Promise.withResolvers<HttpAnswer>()
  const timer = setTimeout(() => resolve(gatewayAnswer(503, 'Service Unavailable')), route.timeoutMs)
  const invoked = route.invoke(event).then((outcome): HttpAnswer => {
    switch (outcome.kind) {
      case 'returned':
        return toAnswer(outcome.payload)
      case 'failed':
        return INTERNAL_SERVER_ERROR
      case 'throttled':
        return gatewayAnswer(503, 'Service Unavailable')
    }
  })
  return Promise.race([invoked, timedOut]).finally(() => clearTimeout(timer))
}

/** Undefined when it is larger than API Gateway takes; the rest is read and dropped, so that the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size <= MAX_BODY_BYTES) chunks.push(bytes)
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** A stage other than `$default` is the first part of the path. */
function withoutStage(path: string, stage: string): string | undefined {
  if (stage === '$default') return path
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : undefined
}

function write(response: ServerResponse, { status, headers, cookies, body }: HttpAnswer): void {
  if (response.destroyed) return
  // An answer to 204 or to HEAD must not have a body; Node leaves it out by itself.
  response.writeHead(status, { ...headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) })
  response.end(body)
}
