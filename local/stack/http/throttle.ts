import type { Clock } from '../../../core/platform/clock.ts'
import type { StageRecord } from './routes.ts'

/** Takes a token from a route's bucket; false when it is empty. */
export type Throttle = (routeKey: string) => boolean

/** API Gateway's token bucket: a burst at once, then so many a second, each route by itself. */
export function createThrottle(stage: StageRecord, clock: Clock): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (routeKey) => {
    const limits = stage.routeLimits.get(routeKey)
    const burst = limits?.burst ?? stage.limits.burst
    const perSecond = limits?.perSecond ?? stage.limits.perSecond
    if (burst === undefined || perSecond === undefined) return true
    const now = clock.now()
    const bucket = buckets.get(routeKey) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    const granted = tokens >= 1
    buckets.set(routeKey, { tokens: granted ? tokens - 1 : tokens, at: now })
    return granted
  }
}
