import { Logger } from '@aws-lambda-powertools/logger'

type LogFields = Readonly<Record<string, unknown>>

/** A structured log. Fields belong to one call: a shared context would leak from one record of a batch into another. */
export type Log = {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** One JSON line per call on standard output, redacted. `level`, `message`, `service` and `timestamp` are not field names. */
export function createLogger(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return {
    info: (message, fields = {}) => logger.info(redactText(message), redactFields(fields)),
    warn: (message, fields = {}) => logger.warn(redactText(message), redactFields(fields)),
    error: (message, fields = {}) => logger.error(redactText(message), redactFields(fields)),
  }
}

const HIDDEN = '[redacted]'

/** Personal API tokens (`pk_`, user id, key), and webhook secrets as ClickUp makes them: 64 upper-case letters and digits. */
const SECRET_SHAPES = [/pk_\d+_[A-Za-z0-9]+/g, /(?<![A-Za-z0-9])(?=\d*[A-Z])[A-Z0-9]{64}(?![A-Za-z0-9])/g]

/** By its end, so that `x-signature` and `signingSecret` are hidden and counters like `tokenDead` are not. */
const SECRET_KEY = /(?:secret|token|authorization|signature|password|secretstring|secretaccesskey)s?$/i

const MAX_DEPTH = 8

/**
 * The last line, not the first: nothing secret is meant to be logged. Returns a copy that is safe to serialise,
 * with errors as plain objects, because their messages may quote a request.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[too deep]'
  if (value instanceof Error) {
    const { name, message, stack, cause } = value
    return redactFields({ name, message, stack, ...(cause === undefined ? {} : { cause }) }, depth + 1)
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((element) => redact(element, depth + 1))
  return redactFields(value, depth + 1)
}

function redactFields(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      redactText(key),
      SECRET_KEY.test(key) && value !== undefined && value !== null ? HIDDEN : redact(value, depth),
    ]),
  )
}

function redactText(text: string): string {
  return SECRET_SHAPES.reduce((clean, shape) => clean.replaceAll(shape, HIDDEN), text)
}
