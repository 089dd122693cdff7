/** Plans by their name, with their number and their calls a minute for each token. */
export const PLANS = {
  Unlimited: { id: 2, callsPerMinute: 100 },
  'Business Plus': { id: 5, callsPerMinute: 1_000 },
  Enterprise: { id: 4, callsPerMinute: 10_000 },
} as const
export type Plan = keyof typeof PLANS

const WINDOW_MS = 60_000

export type Allowance = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds since 1970 on ClickUp's clock. */
  readonly reset: number
  /** When the window began that the call fell in, on ClickUp's clock; null for a call that is counted nowhere. */
  readonly window: number | null
}

/**
 * Fixed windows of one minute, one for each token, each beginning with the first call after the last one ended.
 * A refused call does not count. `consume` of undefined, a call without a valid token, is counted nowhere.
 * What is told may be another limit than the one that is kept.
 */
export function createRateLimit(now: () => number, limit: () => number, told = limit) {
  const windows = new Map<string, { start: number; used: number }>()

  return {
    consume(token: string | undefined): Allowance {
      const at = now()
      const known = token === undefined ? undefined : windows.get(token)
      // A clock that is set back begins a new window, or the old one would last for ever.
      const running = known !== undefined && at < known.start + WINDOW_MS && at >= known.start ? known : undefined
      const window = running ?? { start: at, used: 0 }
      if (token !== undefined) windows.set(token, window)
      const allowed = window.used < limit()
      if (allowed) window.used += 1
      return {
        allowed,
        limit: told(),
        remaining: Math.max(0, told() - window.used),
        reset: Math.ceil((window.start + WINDOW_MS) / 1_000),
        window: token === undefined ? null : window.start,
      }
    },
  }
}
