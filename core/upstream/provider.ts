import type { Fault } from './fault.ts'

/** One fixed window of a provider's rate limit. */
export type WindowSpec = {
  name: string
  ms: number
  /** Calls in a window, until somebody says otherwise. */
  limit: number
  /**
   * How long a call that is let in may take to reach the provider, generously. So long before a window's end its calls
   * count for the next one as well, because it may be there that they are counted.
   */
  graceMs: number
  /** The headers that tell of this window; `reset` as seconds (or ms) since 1970 or as seconds from now. */
  headers: { limit: string; remaining: string; reset: string; resetIs: 'epoch' | 'wait' } | null
}

/** An answer that is no success; `retryAt`: when a call that came too early may be made again (ms since 1970, our clock). */
export type Refused = { status: number; text: string; retryAt: number }

/** All that is a provider's own when its API is called politely. */
export type Provider = {
  windows: readonly WindowSpec[]
  /** The header that tells a refused call when to come again, in seconds or as a date. */
  retryAfter: string | null
  /** The headers that carry the token. */
  authorize(token: string): Record<string, string>
  /** The one table of what its errors mean. */
  classify(answer: Refused): Fault
  /** Its own code in the body of a refusal, fit for a log line; null where there is none. */
  codeOf(text: string): string | null
}
