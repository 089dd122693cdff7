import type { ClickUpCall } from '../../core/clickup/client.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Metrics } from '../../core/platform/metrics.ts'

/** Counts a call in the metrics that alarms watch. `inUse`: made with the token in use, not with one on trial. */
export function countCall(call: ClickUpCall, { inUse }: { inUse: boolean }, metrics: Metrics): void {
  const { outcome, status, ms, remaining, limit } = call
  metrics.count('ApiCalls')
  metrics.milliseconds('ApiMs', ms)
  if (outcome === 'unavailable' || outcome === 'invalid') metrics.count('ApiErrors')
  // Some refusals of what was asked come as a 500, and those are no fault of the server's.
  if (outcome === 'unavailable' && status !== null && status >= 500) metrics.count('ApiServerErrors')
  if (outcome === 'noAccess') metrics.count('ApiNoAccess')
  if (outcome === 'rateLimited') metrics.count('RateLimited')
  if (outcome === 'tokenDead' && inUse) metrics.count('TokenDead')
  if (remaining !== null && limit !== null) metrics.percent('BudgetRemainingPercent', (100 * remaining) / limit)
}

/** Answers that are as they should be: what is gone is an answer, too. */
const FINE: ReadonlySet<ClickUpCall['outcome']> = new Set<ClickUpCall['outcome']>(['ok', 'gone'])

/**
 * Writes one line for a call: about 400 bytes, because there is one for each. What is not so, or not known, is left out:
 * there is no `status` where no answer came.
 */
export function logCall(call: ClickUpCall, connection: string, log: Pick<Log, 'info' | 'warn'>): void {
  const { method, path, lane, status, code, outcome, ms, remaining, limit, ignoredHeaders, probe } = call
  const isFine = FINE.has(outcome) && ignoredHeaders === 0
  log[isFine ? 'info' : 'warn']('call', {
    ...{ connection, lane, method, path, outcome, ms },
    ...(status === null ? {} : { status }),
    ...(code === null ? {} : { code }),
    ...(remaining === null ? {} : { remaining }),
    ...(limit === null ? {} : { limit }),
    ...(ignoredHeaders === 0 ? {} : { ignoredHeaders }),
    ...(probe ? { probe } : {}),
  })
}
