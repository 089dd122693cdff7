import { buildApp } from 'fauxqs'
import type { WireReply } from '../call.ts'
import type { WireRequest } from '../endpoint.ts'

/** Headers that speak of the connection, which ends here. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'content-length', 'expect', 'transfer-encoding'])

/** The S3 of fauxqs without a port, for the same reason as its SQS: it would bind every interface. Opened when it is first used. */
export function openFauxS3(region: string) {
  let opened: ReturnType<typeof open> | undefined
  /** In an object, because the app itself would pass for a promise. */
  async function open() {
    const app = buildApp({ logger: false, defaultRegion: region })
    await app.ready()
    return { app }
  }
  return {
    async call({ method, url, headers, bytes }: Pick<WireRequest, 'url' | 'headers' | 'bytes'> & { method: Method }) {
      opened ??= open()
      const { app } = await opened
      const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name))
      const payload = method === 'PUT' || method === 'POST' ? { payload: bytes } : {}
      const answer = await app.inject({ method, url, headers: Object.fromEntries(kept), ...payload })
      const told = Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.has(name))
      const reply: WireReply = {
        status: answer.statusCode,
        headers: Object.fromEntries(told.map(([name, value]) => [name, String(value)])),
        body: answer.rawPayload,
      }
      return reply
    },
    async close(): Promise<void> {
      await (await opened)?.app.close()
    },
  }
}
export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'
