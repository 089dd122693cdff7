import type { Clock } from '../platform/clock.ts'

export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
}

/** One HTTP exchange as it happened, or the reason why there was none. Times are ours unless they say otherwise. */
export type Exchange =
  | {
      kind: 'answered'
      status: number
      headers: Headers
      text: string
      observedAt: number
      startedAt: number
      answeredAt: number
      /** How many ms the provider's clock is ahead of ours: no less and no more. */
      ahead: { atLeast: number; atMost: number }
    }
  | { kind: 'failed'; reason: string; timedOut: boolean }

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type ExchangeServices = {
  fetch: Fetch
  clock: Clock
  /** What `AbortSignal.timeout` is to real time. */
  timeout?: ((ms: number) => AbortSignal) | undefined
}

/**
 * Sends one request and reads the whole answer within `timeoutMs`. Never throws.
 *
 * `observedAt` is the beginning of the read on the provider's clock, from its `Date` header. The header has whole
 * seconds, so the estimate is up to a second early: that can cost a read too many, never a read too few.
 */
export async function exchange(request: Request, services: ExchangeServices): Promise<Exchange> {
  const { timeout = (ms: number) => AbortSignal.timeout(ms) } = services
  const signal = timeout(request.timeoutMs)
  const startedAt = services.clock.now()
  try {
    const response = await services.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      signal,
      redirect: 'error',
    })
    const answeredAt = services.clock.now()
    const text = await response.text()
    const date = Date.parse(response.headers.get('date') ?? '')
    const theirs = Number.isNaN(date) ? null : date
    return {
      kind: 'answered',
      status: response.status,
      headers: response.headers,
      text,
      observedAt: startedAt + (theirs === null ? 0 : clockOffset(theirs, startedAt, answeredAt)),
      startedAt,
      answeredAt,
      ahead: aheadOf(theirs, startedAt, answeredAt),
    }
  } catch (error) {
    return signal.aborted
      ? { kind: 'failed', reason: 'timeout', timedOut: true }
      : { kind: 'failed', reason: reasonOf(error), timedOut: false }
  }
}

/** A header of whole seconds that fits our own clock proves no difference; only what does not fit is an offset. */
function clockOffset(theirs: number, startedAt: number, answeredAt: number): number {
  if (theirs + 1000 <= startedAt) return theirs - startedAt
  if (theirs > answeredAt) return theirs - answeredAt
  return 0
}

/** Between the two clocks, all that the header leaves open; without one, that they agree. */
function aheadOf(theirs: number | null, startedAt: number, answeredAt: number) {
  if (theirs === null) return { atLeast: 0, atMost: 0 }
  return { atLeast: theirs - answeredAt, atMost: theirs + 1000 - startedAt }
}

/** Names the failure without the URL or headers: a message of `fetch` can carry both. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name
}
