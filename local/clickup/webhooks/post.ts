import { createHmac } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'

/** What a try came to: an answer's status, or why there was none. */
type Answer = { readonly kind: 'answer'; readonly status: number } | { readonly kind: 'none'; readonly why: string }

/** The value of `X-Signature`: lower-case hex, over the bytes as they are sent. */
export const signatureOf = (body: Buffer, secret: string) => createHmac('sha256', secret).update(body).digest('hex')

export type Poster = {
  post(endpoint: string, secret: string, body: Buffer, timeoutMs: number): Promise<Answer>
  close(): void
}

/** Posts bodies over kept-alive connections. Redirects are not followed: they are no 2xx. */
export function createPoster(): Poster {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }

  return {
    post: (endpoint, secret, body, timeoutMs) =>
      new Promise((resolve) => {
        if (!URL.canParse(endpoint)) return resolve({ kind: 'none', why: 'no such address' })
        const secure = endpoint.toLowerCase().startsWith('https:')
        const options = {
          method: 'POST',
          agent: secure ? agents.https : agents.http,
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': body.length,
            'X-Signature': signatureOf(body, secret),
          },
        }
        const request = secure ? https.request(endpoint, options) : http.request(endpoint, options)
        const timer = setTimeout(() => request.destroy(new Error('timeout')), timeoutMs)
        const settle = (answer: Answer) => {
          clearTimeout(timer)
          resolve(answer)
        }
        request.on('response', (response) => {
          // The time allowed is for the whole answer, so it counts when its body has ended.
          response.on('end', () => settle({ kind: 'answer', status: response.statusCode ?? 0 }))
          response.on('error', (error) => settle({ kind: 'none', why: error.message }))
          response.resume()
        })
        request.on('error', (error) => settle({ kind: 'none', why: error.message }))
        request.end(body)
      }),
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}
