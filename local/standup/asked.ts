import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What one function asked of ClickUp. */
export type Asked = { method: string; path: string; status: number | null }

/** What happens to the next call that writes: it does not arrive, or its answer does not come back. */
export type Loss = 'request' | 'answer'

export type Recorder = {
  /** In the place of the fake's own `url`. */
  url: string
  asked(): readonly Asked[]
  /** Loses the next write to a path that ends so. */
  lose(what: Loss, pathEnd: string): void
  /** Whether it is still to be lost. */
  isToLose(): boolean
  close(): Promise<void>
}

/**
 * Stands in front of a ClickUp for one function, hands on each call and each answer as it is, and writes down which: ClickUp's own log
 * tells a call by its token, which all functions share.
 */
export async function startRecorder(url: string): Promise<Recorder> {
  const behind = new URL(url)
  const agent = new http.Agent({ keepAlive: true })
  const calls: Asked[] = []
  let loss: { what: Loss; pathEnd: string } | null = null

  const server = http.createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request
    const call: Asked = { method, path: path.replace(behind.pathname, ''), status: null }
    calls.push(call)
    const lost = loss !== null && method !== 'GET' && path.endsWith(loss.pathEnd) ? loss.what : null
    if (lost !== null) loss = null
    if (lost === 'request') {
      request.socket.destroy()
      return
    }
    const passed = http.request(
      { agent, method, path, headers: { ...headers, host: behind.host }, hostname: behind.hostname, port: behind.port },
      (answer) => {
        call.status = answer.statusCode ?? null
        if (lost === 'answer') {
          answer.resume().on('end', () => request.socket.destroy())
          return
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())))
  })

  return {
    url: `http://127.0.0.1:${port}${behind.pathname}`,
    asked: () => calls,
    lose(what, pathEnd) {
      loss = { what, pathEnd }
    },
    isToLose: () => loss !== null,
    close: () =>
      new Promise((resolve) => {
        agent.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The recorder has no port')
  return address.port
}
