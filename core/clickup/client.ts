import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import { parseJson } from '../platform/json.ts'
import { exchange, type Fetch, type Request } from '../upstream/exchange.ts'
import type { Answer } from '../upstream/fault.ts'
import { type Rate, rateOf } from '../upstream/rate.ts'
import { classify } from './faults.ts'

export const CLICKUP_API_URL = 'https://api.clickup.com/api'

/** ClickUp takes about 1.8 s for a page of a hundred tasks, so a single answer that takes longer than this will not come. */
const TIMEOUT_MS = 10_000

export type ClientServices = {
  baseUrl: string
  /** The token in force; `renew` fetches it anew, once, after it was refused. */
  token(renew?: 'renew'): Promise<string | null>
  fetch: Fetch
  clock: Clock
  /** Told of every request that was sent: the calls are what the budget counts. */
  onCall?(call: { outcome: Answer<unknown>['kind']; rate: Rate | null }): void
}

/** Asks ClickUp: every answer is parsed by a schema, every failure is a `Fault`. */
export type ClickUp = {
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Answer<z.infer<Schema>>>
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<Answer<z.infer<Schema>>>
}

export function createClickUp(services: ClientServices): ClickUp {
  async function ask<Schema extends z.ZodType>(
    method: Request['method'],
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<Answer<z.infer<Schema>>> {
    const first = await once(method, path, body, schema)
    if (first.kind !== 'tokenDead') return first
    // The token may have been rotated a moment ago: fetched anew once, then it is dead indeed.
    return once(method, path, body, schema, 'renew')
  }

  async function once<Schema extends z.ZodType>(
    method: Request['method'],
    path: string,
    body: unknown,
    schema: Schema,
    renew?: 'renew',
  ): Promise<Answer<z.infer<Schema>>> {
    const found = await tokenInForce(renew)
    if (found.kind === 'tokenDead') return found
    const { token } = found
    const answer = await exchange(
      {
        method,
        url: `${services.baseUrl}/v2${path}`,
        headers: { authorization: authorization(token), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
      },
      services,
    )
    const result = read(answer, schema, services.clock.now())
    const rate = answer.kind === 'answered' ? rateOf(answer.headers, services.clock.now()) : null
    services.onCall?.({ outcome: result.kind, rate })
    return result
  }

  /** A token that cannot be read is none: like a dead one it waits for somebody to mend it, and costs no delivery. */
  async function tokenInForce(renew?: 'renew') {
    try {
      const token = await services.token(renew)
      if (token !== null) return { kind: 'found', token } as const
      return { kind: 'tokenDead', code: 'no token is stored' } as const
    } catch {
      return { kind: 'tokenDead', code: 'the token could not be read' } as const
    }
  }

  return {
    get: (path, schema) => ask('GET', path, undefined, schema),
    send: (method, path, body, schema) => ask(method, path, body, schema),
  }
}

/** Personal tokens are sent raw, OAuth access tokens as `Bearer`. */
const authorization = (token: string) => (token.startsWith('pk_') ? token : `Bearer ${token}`)

function read<Schema extends z.ZodType>(
  answer: Awaited<ReturnType<typeof exchange>>,
  schema: Schema,
  now: number,
): Answer<z.infer<Schema>> {
  if (answer.kind === 'failed') return { kind: 'unavailable', reason: answer.reason }
  if (answer.status < 200 || answer.status >= 300) return classify(answer.status, answer.text, answer.headers, now)
  const json = answer.text === '' ? {} : parseJson(answer.text)
  // A page of a proxy, or half an answer: that is an outage, whatever its status says, and no reason to give up.
  if (json === undefined) return { kind: 'unavailable', reason: `status ${answer.status} without JSON` }
  const parsed = schema.safeParse(json)
  if (!parsed.success) return { kind: 'invalid', reason: `answer: ${z.prettifyError(parsed.error).slice(0, 300)}` }
  return { kind: 'ok', value: parsed.data, observedAt: answer.observedAt }
}

/** An id as a path segment: ids come from deliveries, and a slash in one must not become another endpoint. */
export const segment = (id: string) => encodeURIComponent(id)
