import { Logger } from '@aws-lambda-powertools/logger'
import { HIDDEN, type KnownSecrets } from './known-secrets.ts'
import { FEWEST_CHARACTERS, NAMED_SECRETS, SECRET_SHAPES } from './secret-shapes.ts'

type LogFields = Readonly<Record<string, unknown>>

/** A structured log. Fields belong to one call: a shared context would leak from one record of a batch into another. */
export type Log = {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/**
 * One JSON line per call on standard output, redacted. `level`, `message`, `service` and `timestamp` are not field names.
 * @param secrets what the process's client of Secrets Manager has read: none of it is written, whatever its shape
 */
export function createLogger(service: string, { secrets }: { secrets?: KnownSecrets } = {}): Log {
  const logger = new Logger({ serviceName: service })
  const { text, fields } = redaction(secrets)
  return {
    info: (message, given = {}) => logger.info(text(message), fields(given)),
    warn: (message, given = {}) => logger.warn(text(message), fields(given)),
    error: (message, given = {}) => logger.error(text(message), fields(given)),
  }
}

/** By its end, so that `x-signature` and `signingSecret` are hidden and counters like `tokenDead` are not. */
const SECRET_KEY = /(?:secret|token|authorization|signature|password|secretstring|secretaccesskey)s?$/i

type Pattern = { readonly pattern: RegExp; readonly by: string; readonly fewest: number; readonly has?: string }

/** One for each shape: whoever adds a shape is told by the compiler that nobody hides it yet. */
const OF_SHAPES = {
  'ClickUp API token': { ...shaped('ClickUp API token'), has: 'pk_' },
  'OAuth access token': shaped('OAuth access token'),
  'ClickUp signing secret': shaped('ClickUp signing secret'),
  'key of a model': { ...shaped('key of a model'), has: 'sk-' },
} satisfies Record<keyof typeof SECRET_SHAPES, Pattern>

/** To look for them takes longer than to write a line, and almost every text in it is a word: first whether it can have one at all. */
const PATTERNS: readonly Pattern[] = [
  { pattern: NAMED_SECRETS, by: `$<name>${HIDDEN}`, fewest: FEWEST_CHARACTERS.named },
  ...Object.values(OF_SHAPES),
]

function shaped(name: keyof typeof SECRET_SHAPES): Pattern {
  return { pattern: SECRET_SHAPES[name], by: HIDDEN, fewest: FEWEST_CHARACTERS[name] }
}

const MAX_DEPTH = 8

/**
 * The last line, not the first: nothing secret is meant to be logged. `value` and `fields` return a copy that is safe to
 * serialise, with errors as plain objects, because their messages may quote a request.
 */
export function redaction(secrets?: KnownSecrets) {
  function text(given: string): string {
    // What is known comes first: a shape may cover a part of it and leave the rest.
    let clean = secrets === undefined ? given : secrets.hide(given)
    for (const { pattern, by, fewest, has } of PATTERNS)
      if (clean.length >= fewest && (has === undefined || clean.includes(has))) clean = clean.replaceAll(pattern, by)
    return clean
  }

  function value(given: unknown, depth = 0): unknown {
    if (typeof given === 'string') return text(given)
    if (typeof given === 'bigint') return String(given)
    if (typeof given !== 'object' || given === null) return given
    if (depth >= MAX_DEPTH) return '[too deep]'
    if (given instanceof Error) {
      const { name, message, stack, cause } = given
      return fields({ name, message, stack, ...(cause === undefined ? {} : { cause }) }, depth + 1)
    }
    if (given instanceof Date) return Number.isNaN(given.getTime()) ? 'invalid date' : given.toISOString()
    if (ArrayBuffer.isView(given)) return `[${given.byteLength} bytes]`
    if (Array.isArray(given)) return given.map((element) => value(element, depth + 1))
    return fields(given, depth + 1)
  }

  function fields(given: object, depth = 0): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(given).map(([key, each]) => [
        text(key),
        SECRET_KEY.test(key) && each !== undefined && each !== null ? HIDDEN : value(each, depth),
      ]),
    )
  }

  return { text, fields, value }
}
