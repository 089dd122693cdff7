import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createControl } from './api/control.ts'
import { answerOverHttp } from './api/http.ts'
import { answerStatusPage, STATUS_PAGE_PATH } from './api/status-page.ts'
import { createFakeClickUp, type FakeInProcess, type FakeOptions } from './fake.ts'
import type { TruthLog } from './log.ts'
import { createPoster } from './webhooks/post.ts'

export type FakeClickUp = Pick<
  FakeInProcess,
  | 'world'
  | 'tokens'
  | 'workspaceId'
  | 'faults'
  | 'webhooks'
  | 'issueToken'
  | 'issueOAuthToken'
  | 'revokeToken'
  | 'taskAnswer'
  | 'idle'
  | 'undelivered'
> & {
  /** The base for `CLICKUP_API_URL`, as `http://127.0.0.1:4010/api`; paths begin with `/v2`. */
  readonly url: string
  /** For `CLICKUP_STATUS_URL`: the status page, which is no part of the API. */
  readonly statusUrl: string
  readonly log: TruthLog
  close(): Promise<void>
}

export type FakeClickUpOptions = Omit<FakeOptions, 'poster' | 'timers'> & {
  /** Free by default. */
  port?: number
}

/** A ClickUp on the loopback. @throws Error if the port is taken */
export async function startFakeClickUp(options: FakeClickUpOptions): Promise<FakeClickUp> {
  const fake = createFakeClickUp({ ...options, poster: createPoster() })
  const {
    api,
    world,
    tokens,
    workspaceId,
    faults,
    webhooks,
    log,
    issueToken,
    issueOAuthToken,
    revokeToken,
    taskAnswer,
    idle,
    undelivered,
  } = fake
  const control = createControl({ faults, log, idle })
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const path = (request.url ?? '/').replace(/^\/api(?=\/)/, '')
    if (path === STATUS_PAGE_PATH) return answerStatusPage(request, response, { faults, now: world.now() })
    const isControl = path.startsWith('/_fake/')
    const answered = isControl ? control(request, response, path) : answerOverHttp(api, request, response, path)
    answered.catch(() => response.destroy())
  })
  const address = await listen(server, options.port ?? 0)

  return {
    url: `http://127.0.0.1:${address.port}/api`,
    statusUrl: `http://127.0.0.1:${address.port}${STATUS_PAGE_PATH}`,
    ...{ world, tokens, workspaceId, faults, webhooks, log, issueToken, issueOAuthToken, revokeToken },
    ...{ taskAnswer, idle, undelivered },
    close: () => {
      fake.close()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function listen(server: http.Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'))
      else resolve(address)
    })
  })
}
