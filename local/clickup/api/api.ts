import type { Clock } from '../../../core/platform/clock.ts'
import { type Faults, outageAt } from '../faults.ts'
import type { LogWriter } from '../log.ts'
import type { Random } from '../random.ts'
import { type Allowance, createRateLimit, PLANS, type Plan } from '../rate-limit.ts'
import { pause, since, type Timers } from '../timers.ts'
import type { Tokens } from '../tokens.ts'
import type { Registry } from '../webhooks/registry.ts'
import type { User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Answer, ERRORS, invalidBody } from './answer.ts'
import type { Handler } from './call.ts'
import type { Api, BodyRead } from './exchange.ts'
import { createRouter, type Match } from './router.ts'
import { ROUTES } from './routes.ts'
import type { TaskListing } from './task-listing.ts'

/** A token as it was sent: a personal one stands alone in the header, one of OAuth after `Bearer`. */
const tokenIn = (header: string | undefined): { token: string; isBearer: boolean } | undefined => {
  const token = header?.replace(/^Bearer /i, '').trim() ?? ''
  return token === '' ? undefined : { token, isBearer: /^Bearer /i.test(header ?? '') }
}

/** A page of tasks takes ClickUp much longer than a single one. */
export const isPageOfTasks = (method: string, pathname: string): boolean =>
  method === 'GET' && /^\/v2\/(?:team|list)\/[^/]+\/task$/.test(pathname)

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

/** ClickUp's API: who calls, whether the call is still allowed, what it does, and how long the answer takes. */
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
  timers: Timers
}): Api {
  const { world, tokens, faults, log, plan, clock, timers } = options
  const route = createRouter<Handler>(ROUTES)
  const limit = () => faults.rateLimit ?? PLANS[plan].callsPerMinute
  const rateLimit = createRateLimit(
    () => world.now(),
    limit,
    () => faults.toldRateLimit ?? limit(),
  )
  let calls = 0

  /** Nobody's, where it was not sent as its kind is. */
  function callerOf({ token, isBearer }: { token: string; isBearer: boolean }): User | undefined {
    if (faults.deadToken && token === options.serviceToken) return undefined
    return tokens.isOAuth(token) === isBearer ? tokens.userOf(token) : undefined
  }

  const date = () => ({ Date: new Date(world.now()).toUTCString() })

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

  return async (request) => {
    const begun = timers.elapsed()
    calls += 1
    const random = options.random.fork(calls)
    const { method, path } = request
    const [pathname = '', query = ''] = path.split('?', 2)
    const note = (caller: number | null, status: number, ecode: string | null) =>
      log.write({ ...{ kind: 'call', method, path, caller, status, ecode }, latencyMs: since(timers, begun) })

    const outage = outageAt(faults, clock.now())
    if (outage?.answer === 'disconnect') {
      note(null, 0, null)
      return { kind: 'disconnected' }
    }
    const isFaulty = faults.serverErrorEvery !== null && calls % faults.serverErrorEvery === 0
    const broken = outage?.answer ?? (isFaulty ? 500 : undefined)
    if (broken !== undefined) {
      note(null, broken, null)
      const nothing = { ecode: null, body: undefined, window: null }
      return { kind: 'answered', status: broken, ...nothing, headers: date() }
    }

    const body = await request.body()
    const sent = tokenIn(request.authorization)
    const token = sent?.token
    const caller = sent === undefined ? undefined : callerOf(sent)
    const allowance = rateLimit.consume(caller === undefined ? undefined : token)
    let answer: Answer
    try {
      answer = handle(caller, token, allowance, route(method, pathname), query, body, random)
    } catch (error) {
      log.write({ kind: 'crash', path, why: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      answer = ERRORS.crashed
    }
    const { min, max } = (isPageOfTasks(method, pathname) ? faults.pageLatencyMs : null) ?? faults.latencyMs
    if (max > 0) await pause(timers, random.int(min, Math.max(min, max)))
    const status = statusOf(answer)
    const ecode = answer.kind === 'error' ? answer.ecode : null
    note(caller?.id ?? null, status, ecode)
    const headers = {
      ...date(),
      'X-RateLimit-Limit': String(allowance.limit),
      'X-RateLimit-Remaining': String(allowance.remaining),
      'X-RateLimit-Reset': String(allowance.reset),
    }
    return { kind: 'answered', status, ecode, body: bodyOf(answer), headers, window: allowance.window }
  }
}
