import type { Clock } from '../platform/clock.ts'

export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
}

/** One HTTP exchange as it happened, or the reason why there was none. */
export type Exchange =
  | { kind: 'answered'; status: number; headers: Headers; text: string; observedAt: number }
  | { kind: 'failed'; reason: string }

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Sends one request and reads the whole answer within `timeoutMs`. Never throws.
 *
 * `observedAt` is the beginning of the read on the provider's clock, from its `Date` header. The header has whole
 * seconds, so the estimate is up to a second early: that can cost a read too many, never a read too few.
 */
export async function exchange(request: Request, services: { fetch: Fetch; clock: Clock }): Promise<Exchange> {
  const startedAt = services.clock.now()
  try {
    const response = await services.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: AbortSignal.timeout(request.timeoutMs),
      redirect: 'error',
    })
    const answeredAt = services.clock.now()
    const text = await response.text()
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const offset = Number.isNaN(theirs) ? 0 : clockOffset(theirs, startedAt, answeredAt)
    return {
      kind: 'answered',
      status: response.status,
      headers: response.headers,
      text,
      observedAt: startedAt + offset,
    }
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) }
  }
}

/** A header of whole seconds that fits our own clock proves no difference; only what does not fit is an offset. */
function clockOffset(theirs: number, startedAt: number, answeredAt: number): number {
  if (theirs + 1000 <= startedAt) return theirs - startedAt
  if (theirs > answeredAt) return theirs - answeredAt
  return 0
}

/** Names the failure without the URL or headers: a message of `fetch` can carry both. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'timeout'
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name
}
