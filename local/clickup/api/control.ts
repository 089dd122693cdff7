import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Faults, faultsSchema } from '../faults.ts'
import type { LogWriter } from '../log.ts'
import { fateOf } from '../truth.ts'
import { readJson, sendJson } from './http.ts'

/** Log entries in one answer; `next` says where the following answer begins. */
const MOST_ENTRIES = 10_000

/**
 * What a checker in another process uses, beside the API and free of its limits:
 * - `GET /_fake/log?since=N` the log from entry N on; ask again from `next`
 * - `GET /_fake/changes?since=N` what really happened, each change with what became of its deliveries so far
 * - `GET /_fake/faults` and `POST /_fake/faults` the switches, all or some
 * - `GET /_fake/idle` answers when no delivery is under way
 */
export function createControl(options: { faults: Faults; log: LogWriter; idle: () => Promise<void> }) {
  const { faults, log } = options

  async function setFaults(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const body = await readJson(request)
    if (body.kind === 'bad') return [400, { err: body.why }]
    const wanted = faultsSchema.partial().safeParse(body.kind === 'json' ? body.value : {})
    if (!wanted.success) return [400, { err: wanted.error.issues.map((issue) => issue.message).join('; ') }]
    Object.assign(faults, wanted.data)
    log.write({ kind: 'faults', faults: wanted.data })
    return [200, faults]
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const [pathname = '', query = ''] = path.split('?', 2)
    const wanted = Number(new URLSearchParams(query).get('since') ?? 0)
    const since = Number.isSafeInteger(wanted) && wanted > 0 ? wanted : 0
    switch (`${request.method} ${pathname}`) {
      case 'GET /_fake/log': {
        const entries = log.entries(since).slice(0, MOST_ENTRIES)
        return sendJson(response, 200, { entries, next: (entries.at(-1)?.seq ?? since - 1) + 1 })
      }
      case 'GET /_fake/changes': {
        const changes = log
          .changes()
          .slice(since, since + MOST_ENTRIES)
          .map((change) => ({ ...change, fate: fateOf(change) }))
        return sendJson(response, 200, { changes, next: since + changes.length })
      }
      case 'GET /_fake/faults':
        return sendJson(response, 200, faults)
      case 'POST /_fake/faults': {
        const [status, body] = await setFaults(request)
        return sendJson(response, status, body)
      }
      case 'GET /_fake/idle':
        await options.idle()
        return sendJson(response, 200, {})
      default:
        request.resume()
        return sendJson(response, 404, { err: 'Route not found' })
    }
  }
}
