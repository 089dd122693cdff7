import type { ServerResponse } from 'node:http'
import { sendJson } from '../clickup/api/http.ts'
import type { Doing } from './behave.ts'
import type { Asked, Protocol, Sent } from './protocol.ts'

/** Does something after so many ms, unless the server is closed before. */
export type Later = (ms: number, then: () => void) => void

type Acting = { protocol: Protocol; asked: Asked; later: Later }

export const send = (response: ServerResponse, { status, body, headers }: Sent): void =>
  sendJson(response, status, body, headers)

/** Answers over HTTP, or does not. */
export function act(response: ServerResponse, doing: Doing, { protocol, asked, later }: Acting): void {
  switch (doing.kind) {
    case 'say': {
      const { said, afterMs } = doing
      if (afterMs === 0) send(response, protocol.say(said, asked))
      else later(afterMs, () => send(response, protocol.say(said, asked)))
      break
    }
    case 'refuse': {
      const { status, headers, body } = protocol.refuse(doing.refused)
      sendJson(response, status, body, { ...headers, ...doing.headers })
      break
    }
    case 'raw':
      response.writeHead(doing.status, doing.headers)
      response.end(doing.text)
      break
    case 'cut': {
      const text = JSON.stringify(protocol.say(doing.said, asked).body)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy())
      break
    }
    case 'endless':
      response.writeHead(200, { 'content-type': 'application/json' })
      pour(response)
      break
    case 'disconnect':
      response.destroy()
      break
    case 'nothing':
      break
  }
}

/** Goes on until the reader goes away. */
function pour(response: ServerResponse): void {
  const chunk = '{"statements":['.padEnd(64 * 1024, ' ')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}
