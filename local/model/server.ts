import { createHash } from 'node:crypto'
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readJson, sendJson } from '../clickup/api/http.ts'
import { createRandom, type Random } from '../clickup/random.ts'
import { act, type Later, send } from './act.ts'
import { anthropic } from './anthropic.ts'
import { bedrock } from './bedrock.ts'
import { doingOf } from './behave.ts'
import { at, type Behaviour, type Script } from './behaviours.ts'
import { openai } from './openai.ts'
import type { Asked, Protocol } from './protocol.ts'

/** A request as it came. Nothing of a key is kept but a mark that is the same for the same key. */
export type ModelRequest = {
  protocol: Protocol['name']
  path: string
  headers: IncomingHttpHeaders
  key: string | null
  body: unknown
  /** Null for a body that is not of the protocol. */
  asked: Asked | null
  behaviour: Behaviour
  /** Tokens that the answer told of; null where it told of none. */
  tokens: { input: number; output: number } | null
}

export type ModelServerOptions = {
  /** What it says depends on this and on the data alone. */
  seed: number
  behaviour?: Script
  /** The one that is right; null (the default): any, and of OpenAI's kind none. */
  key?: string | null
  slowMs?: number
  /** Free by default. */
  port?: number
}

export type ModelServer = {
  /** Base of Bedrock's API; with `/v1`, `openaiUrl`, of the others. */
  url: string
  openaiUrl: string
  anthropicUrl: string
  /** Every request of a protocol, oldest first. */
  requests(): readonly ModelRequest[]
  /** How it behaves from now on; a script begins with the next request. */
  behave(script: Script): void
  close(): Promise<void>
}

const PROTOCOLS: readonly Protocol[] = [openai, anthropic, bedrock]

/** A provider of models on the loopback that speaks the three protocols, and misbehaves on demand. @throws Error if the port is taken */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { seed, key = null, slowMs = 300, port = 0 } = options
  const random = createRandom(seed)
  const requests: ModelRequest[] = []
  let script: Script = options.behaviour ?? 'good'
  let index = 0
  const timers = new Set<NodeJS.Timeout>()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', headers, method } = request
    const protocol = PROTOCOLS.find((each) => each.path.test(path))
    const read = await readJson(request)
    if (protocol === undefined || method !== 'POST') {
      sendJson(response, 404, { error: { message: 'Not found' } })
      return
    }
    const refused = protocol.refusalOf(headers, key)
    if (refused !== null) {
      send(response, protocol.refuse(refused))
      return
    }
    const body = read.kind === 'json' ? read.value : null
    const behaviour = at(script, index)
    index += 1
    const asked = askedIn(protocol, body, path)
    const entry = {
      protocol: protocol.name,
      path,
      headers: withoutSecrets(headers),
      key: markOf(protocol.keyOf(headers)),
      body,
    }
    const logged: ModelRequest = {
      ...entry,
      asked: asked.kind === 'asked' ? asked.asked : null,
      behaviour,
      tokens: null,
    }
    requests.push(logged)
    if (asked.kind === 'invalid') {
      send(response, protocol.refuse({ status: 400, code: 'invalid_request_error', message: asked.why }))
      return
    }
    const doing = doingOf(behaviour, asked.asked, { random: forkFor(random, asked.asked), slowMs })
    if (doing.kind === 'say' || doing.kind === 'cut') logged.tokens = doing.said.tokens
    act(response, doing, { protocol, asked: asked.asked, later })
  }

  const later: Later = (ms, then) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, ms)
    timers.add(timer)
  }

  const server = http.createServer((request, response) => {
    response.on('error', () => undefined)
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  const url = `http://127.0.0.1:${portOf(server)}`
  return {
    url,
    openaiUrl: `${url}/v1`,
    anthropicUrl: `${url}/v1`,
    requests: () => requests,
    behave(next) {
      script = next
      index = 0
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function portOf(server: http.Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return ({ ...address } satisfies AddressInfo).port
}

function askedIn(
  protocol: Protocol,
  body: unknown,
  path: string,
): { kind: 'asked'; asked: Asked } | { kind: 'invalid'; why: string } {
  try {
    return { kind: 'asked', asked: protocol.read(body, path) }
  } catch (error) {
    return { kind: 'invalid', why: error instanceof Error ? error.message : 'It cannot be read.' }
  }
}

/** The same question is answered the same way, however many others there were. */
const forkFor = (random: Random, { data }: Asked): Random => random.fork(data)

const SECRET_HEADERS = new Set(['authorization', 'x-api-key', 'x-amz-security-token'])

const withoutSecrets = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name)))

const markOf = (key: string | null): string | null =>
  key === null ? null : createHash('sha256').update(key).digest('hex').slice(0, 12)
