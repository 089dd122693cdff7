import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'

export type TokenAgeServices = {
  /** When the token in use of a connection was brought, ms since 1970; null where there is none, or nobody knows. */
  tokenSince(connection: string): Promise<number | null>
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'milliseconds'>
}

/**
 * Measures how old the token of a connection is. ClickUp lets a token live for ever, so nothing but this reminds of a new one.
 * What cannot be read is not measured: who asks with the token tells of that.
 */
export async function measureTokenAge(
  connection: string,
  { tokenSince, clock, log, metrics }: TokenAgeServices,
): Promise<void> {
  try {
    const since = await tokenSince(connection)
    if (since !== null) metrics.milliseconds('TokenAgeMs', clock.now() - since)
  } catch (error) {
    log.warn('The age of the token is not known', { connection, error })
  }
}
