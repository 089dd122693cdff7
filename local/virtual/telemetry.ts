import type { Log } from '../../core/platform/log.ts'
import type { CountName, Metrics } from '../../core/platform/metrics.ts'

export type Line = { level: 'info' | 'warn' | 'error'; message: string; fields: Readonly<Record<string, unknown>> }

/** What is counted and written, by all functions together. */
export function createTelemetry(onLine: (line: Line) => void = () => undefined) {
  const counts = new Map<CountName, number>()
  const metrics: Metrics = {
    count: (name, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
    milliseconds: () => undefined,
    percent: () => undefined,
    flush: () => undefined,
  }
  const log: Log = {
    info: (message, fields = {}) => onLine({ level: 'info', message, fields }),
    warn: (message, fields = {}) => onLine({ level: 'warn', message, fields }),
    error: (message, fields = {}) => onLine({ level: 'error', message, fields }),
  }
  return { metrics, log, count: (name: CountName): number => counts.get(name) ?? 0 }
}
