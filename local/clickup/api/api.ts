import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../core/platform/clock.ts'
import { type Faults, outageAt } from '../faults.ts'
import type { LogWriter } from '../log.ts'
import type { Random } from '../random.ts'
import { type Allowance, createRateLimit, PLANS, type Plan } from '../rate-limit.ts'
import type { Tokens } from '../tokens.ts'
import type { Registry } from '../webhooks/registry.ts'
import type { User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Answer, ERRORS, invalidBody } from './answer.ts'
import type { Handler } from './call.ts'
import { type BodyRead, readJson, sendJson } from './http.ts'
import { createRouter, type Match } from './router.ts'
import { ROUTES } from './routes.ts'
import type { TaskListing } from './task-listing.ts'

export type Api = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>

/** A personal token stands alone in the header, one of OAuth after `Bearer`. */
const tokenIn = (header: string | undefined): string | undefined => header?.replace(/^Bearer /i, '').trim() || undefined

const statusOf = (answer: Answer) => (answer.kind === 'ok' ? 200 : answer.status)

function bodyOf(answer: Answer): unknown {
  switch (answer.kind) {
    case 'ok':
      return answer.body
    case 'empty':
      return undefined
    case 'error':
      return { err: answer.err, ECODE: answer.ecode }
  }
}

/** ClickUp's HTTP API: who calls, whether the call is still allowed, what it does, and how the answer travels. */
export function createApi(options: {
  world: World
  tokens: Tokens
  serviceToken: string
  registry: Registry
  listing: TaskListing
  faults: Faults
  log: LogWriter
  random: Random
  plan: Plan
  clock: Clock
}): Api {
  const { world, tokens, faults, log, plan, clock } = options
  const route = createRouter<Handler>(ROUTES)
  const rateLimit = createRateLimit(
    () => world.now(),
    () => faults.rateLimit ?? PLANS[plan].callsPerMinute,
  )
  let calls = 0

  const callerOf = (token: string): User | undefined =>
    faults.deadToken && token === options.serviceToken ? undefined : tokens.userOf(token)

  function handle(
    caller: User | undefined,
    token: string | undefined,
    allowance: Allowance,
    match: Match<Handler> | undefined,
    query: string,
    body: BodyRead,
    random: Random,
  ): Answer {
    if (token === undefined) return ERRORS.noToken
    if (caller === undefined) return ERRORS.deadToken
    if (!allowance.allowed) return ERRORS.rateLimited
    if (match === undefined) return ERRORS.routeNotFound
    if (body.kind === 'bad') return invalidBody(body.why)
    const { registry, listing } = options
    return match.handler({
      ...{ world, faults, registry, listing, plan, caller, random },
      params: match.params,
      query: new URLSearchParams(query),
      body: body.kind === 'json' ? body.value : {},
    })
  }

  return async (request, response, path) => {
    const begun = performance.now()
    calls += 1
    const random = options.random.fork(calls)
    const method = request.method ?? 'GET'
    const [pathname = '', query = ''] = path.split('?', 2)
    const note = (caller: number | null, status: number, ecode: string | null) =>
      log.write({
        ...{ kind: 'call', method, path, caller, status, ecode },
        latencyMs: Math.round((performance.now() - begun) * 100) / 100,
      })

    const outage = outageAt(faults, clock.now())
    if (outage?.answer === 'disconnect') {
      note(null, 0, null)
      request.socket.destroy()
      return
    }
    if (outage !== undefined) {
      request.resume()
      note(null, outage.answer, null)
      return sendJson(response, outage.answer, undefined, { Date: new Date(world.now()).toUTCString() })
    }

    const body = await readJson(request)
    const token = tokenIn(request.headers.authorization)
    const caller = token === undefined ? undefined : callerOf(token)
    const allowance = rateLimit.consume(caller === undefined ? undefined : token)
    let answer: Answer
    try {
      answer = handle(caller, token, allowance, route(method, pathname), query, body, random)
    } catch (error) {
      log.write({ kind: 'crash', path, why: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      answer = ERRORS.crashed
    }
    const { min, max } = faults.latencyMs
    if (max > 0) await pause(random.int(min, Math.max(min, max)))
    const status = statusOf(answer)
    note(caller?.id ?? null, status, answer.kind === 'error' ? answer.ecode : null)
    sendJson(response, status, bodyOf(answer), {
      Date: new Date(world.now()).toUTCString(),
      'X-RateLimit-Limit': allowance.limit,
      'X-RateLimit-Remaining': allowance.remaining,
      'X-RateLimit-Reset': allowance.reset,
    })
  }
}
