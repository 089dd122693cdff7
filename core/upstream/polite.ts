import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import { parseJson } from '../platform/json.ts'
import { type Call, callOf } from './call.ts'
import { type Credential, credentialOf, newerThan, type TokenSource } from './credential.ts'
import { type Exchange, type ExchangeServices, exchange, type Request } from './exchange.ts'
import type { Answer, Fault } from './fault.ts'
import type { Gate } from './gate.ts'
import type { Lane } from './lane.ts'
import type { Blocked, Passage } from './passage.ts'
import type { Provider } from './provider.ts'
import { NOTHING_TOLD, readRates, retryAtOf, type Told } from './rates.ts'
import { MIN_CALL_MS, pauseBeforeRetry } from './retry.ts'

/** An answer that takes longer than this will not come: ClickUp takes about 1.8 s for a page of a hundred tasks. */
const TIMEOUT_MS = 10_000
/** How soon a token that could not be read is looked for again. */
const NO_TOKEN_MS = 60_000

export type PoliteServices = ExchangeServices & {
  clock: Clock
  token: TokenSource
  gate: Gate
  lane: Lane
  /** A number from 0 to 1, for jitter. */
  random(): number
  sleep(ms: number): Promise<void>
  /** When every call must have ended, ms since 1970. */
  deadline?: (() => number) | undefined
  /** Told of every request that was sent. */
  onCall?: ((call: Call) => void) | undefined
}

/** Asks somebody's API: every answer is parsed by a schema, every failure is a `Fault`, nothing is asked that must not be. */
export type Polite = {
  /** A read: repeated twice at most when the provider is unavailable. */
  get<Schema extends z.ZodType>(url: string, schema: Schema): Promise<Answer<z.infer<Schema>>>
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body: unknown,
    schema: Schema,
  ): Promise<Answer<z.infer<Schema>>>
  /** Whether and how much may be asked now; costs one read of the shared state. */
  look(): Promise<Passage>
  /** Sees to it that up to so many calls are at hand, as far as possible, and `ahead` more where that is in nobody's way; tells how many are. */
  reserve(calls: number, ahead?: number): Promise<Passage>
}

type Question = { method: Request['method']; url: string; body?: unknown }

/** What became of one try. `next`: the token that is in force instead of the one that was refused. */
type Try<Value> = { answer: Answer<Value>; repeatable: boolean; next: Credential | null }

const OUT_OF_TIME = { answer: { kind: 'outOfTime' }, repeatable: false, next: null } as const

export function createPolite(provider: Provider, services: PoliteServices): Polite {
  const { clock, gate, lane, deadline = () => Number.POSITIVE_INFINITY } = services
  const left = () => deadline() - clock.now()

  async function ask<Schema extends z.ZodType>(question: Question, schema: Schema): Promise<Answer<z.infer<Schema>>> {
    let found = await credentialOf(services.token)
    let renewed = false
    for (let retries = 0; ; ) {
      if (found.kind !== 'found') return found
      const tried = await tryOnce(question, schema, found.credential, renewed)
      if (tried.next !== null) {
        found = { kind: 'found', credential: tried.next }
        renewed = true
        continue
      }
      const pause = tried.repeatable ? pauseBeforeRetry(retries, left(), services.random()) : null
      if (pause === null) return tried.answer
      await services.sleep(pause)
      retries += 1
    }
  }

  async function tryOnce<Schema extends z.ZodType>(
    question: Question,
    schema: Schema,
    { token, version }: Credential,
    renewed: boolean,
  ): Promise<Try<z.infer<Schema>>> {
    if (left() < MIN_CALL_MS) return OUT_OF_TIME
    const passage = await gate.enter(lane, version)
    if (passage.kind === 'blocked') {
      const next = passage.why === 'tokenDead' && !renewed ? await newerThan(version, services.token) : null
      return { answer: faultOf(passage), repeatable: false, next }
    }
    const entered = { credential: version, probe: passage.probe }
    if (left() < MIN_CALL_MS) {
      await gate.leave({ ended: 'outOfTime', told: NOTHING_TOLD, ...entered })
      return OUT_OF_TIME
    }
    const sentAt = clock.now()
    const sent = await exchange(requestOf(question, provider.authorize(token), Math.min(TIMEOUT_MS, left())), services)
    const ms = clock.now() - sentAt
    const { answer, told } = read(sent, schema, provider, clock.now())
    const next = answer.kind === 'tokenDead' && !renewed ? await newerThan(version, services.token) : null
    await gate.leave({
      ended: answer.kind,
      told,
      ...entered,
      superseded: next !== null,
      ...(answer.kind === 'rateLimited' ? { retryAt: answer.until } : {}),
      ...(answer.kind === 'tokenDead' ? { code: answer.code } : {}),
    })
    const { method, url } = question
    const call = callOf(sent, { outcome: answer.kind, told }, provider)
    services.onCall?.({ method, url, lane, ms, probe: passage.probe, ...call })
    const timedOut = sent.kind === 'failed' && sent.timedOut
    const repeatable = question.method === 'GET' && answer.kind === 'unavailable' && !timedOut && !passage.probe
    return { answer, repeatable, next }
  }

  async function passage(ask: (version: string) => Promise<Passage>): Promise<Passage> {
    const found = await credentialOf(services.token)
    const now = clock.now()
    if (found.kind !== 'found') return { kind: 'blocked', why: 'tokenDead', until: now + NO_TOKEN_MS, since: now }
    const { version } = found.credential
    const first = await ask(version)
    if (first.kind === 'free' || first.why !== 'tokenDead') return first
    const next = await newerThan(version, services.token)
    return next === null ? first : ask(next.version)
  }

  return {
    get: (url, schema) => ask({ method: 'GET', url }, schema),
    send: (method, url, body, schema) => ask({ method, url, body }, schema),
    look: () => passage((version) => gate.look(lane, version)),
    reserve: (calls, ahead) => passage((version) => gate.reserve(lane, calls, version, ahead)),
  }
}

function faultOf(blocked: Blocked): Fault {
  const { until, since } = blocked
  switch (blocked.why) {
    case 'spent':
      return { kind: 'rateLimited', until }
    case 'down':
      return { kind: 'unavailable', reason: `not asked: down since ${new Date(since).toISOString()}`, until }
    case 'paused':
      return { kind: 'paused', until }
    case 'tokenDead':
      return { kind: 'tokenDead', code: `not asked: refused since ${new Date(since).toISOString()}`, until }
  }
}

const requestOf = (
  { method, url, body }: Question,
  authorization: Record<string, string>,
  timeoutMs: number,
): Request => ({
  method,
  url,
  headers: { ...authorization, 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  timeoutMs,
})

function read<Schema extends z.ZodType>(
  sent: Exchange,
  schema: Schema,
  provider: Provider,
  now: number,
): { answer: Answer<z.infer<Schema>>; told: Told } {
  if (sent.kind === 'failed') return { answer: unavailable(sent.reason), told: NOTHING_TOLD }
  const told = readRates(provider, sent)
  if (sent.status < 200 || sent.status >= 300) {
    const answer = provider.classify({ ...sent, retryAt: retryAtOf(told, provider.windows, now) })
    // Whoever answers in an outage knows nothing of limits: what is missing there is no fault of headers.
    return { answer, told: answer.kind === 'unavailable' ? NOTHING_TOLD : told }
  }
  const json = sent.text === '' ? {} : parseJson(sent.text)
  // A page of a proxy, or half an answer: that is an outage, whatever its status says, and no reason to give up.
  if (json === undefined) return { answer: unavailable(`status ${sent.status} without JSON`), told: NOTHING_TOLD }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { answer: { kind: 'ok', value: parsed.data, observedAt: sent.observedAt }, told }
  // No word, nothing with a name, or that of an error, with a status of success: nobody has answered, and what was asked may well be
  // there. Given up as wrong, it would go into quarantine in an outage; what does answer, and not as agreed, will do so tomorrow, too.
  if (!saysSomething(json) || provider.codeOf(sent.text) !== null)
    return { answer: unavailable(`status ${sent.status} without an answer`), told: NOTHING_TOLD }
  return { answer: { kind: 'invalid', reason: `answer: ${z.prettifyError(parsed.error).slice(0, 300)}` }, told }
}

/** Whether it names anything: whatever is asked for is answered with an object, and where it may be an empty one, that is no fault. */
const saysSomething = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && Object.keys(json).length > 0

const unavailable = (reason: string): Fault => ({ kind: 'unavailable', reason, until: null })
