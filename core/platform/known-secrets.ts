import { parseJson } from './json.ts'

/** The secrets that this process has had in its hands, so that its log can leave them out whatever their shape. */
export type KnownSecrets = {
  /** Remembers what is secret in the text of a secret (see `secretsIn`). */
  learn(text: string): void
  /** The text without any of them: as they are, URL-encoded, as a part of JSON or of base64. */
  hide(text: string): string
}

export const HIDDEN = '[redacted]'

/** More than a stage's connections have at a time, rotations included; whatever was not read for longest is forgotten. */
const REMEMBERED = 256

/** Shorter than any token or signing secret: to hide it would hide half of what a log says. */
const MIN_LENGTH = 8

/** A register of its own for each process, given to whoever reads secrets and to the log. */
export function knownSecrets(limit = REMEMBERED): KnownSecrets {
  const forms = new Map<string, readonly string[]>()
  let pattern: RegExp | null = null
  let shortest = Number.POSITIVE_INFINITY
  let outdated = false

  return {
    learn(text) {
      for (const secret of secretsIn(text)) {
        if (secret.length < MIN_LENGTH) continue
        const known = forms.get(secret)
        // Moved to the end: what is still read outlives what is not.
        forms.delete(secret)
        forms.set(secret, known ?? formsOf(secret))
        outdated ||= known === undefined
      }
      for (const oldest of forms.keys()) {
        if (forms.size <= limit) break
        forms.delete(oldest)
      }
    },
    hide(text) {
      // Made anew only when something is new: a cache that reads the same secret every minute costs nothing.
      if (outdated) {
        const all = [...forms.values()].flat()
        pattern = anyOf(all)
        shortest = all.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY)
        outdated = false
      }
      return pattern === null || text.length < shortest ? text : text.replace(pattern, HIDDEN)
    },
  }
}

const SECRET_FIELDS = new Set(['secret', 'token', 'key'])

/**
 * What is secret in the text of one of our secrets: the values of its fields `secret`, `token` and `key`, at any depth; the ids and
 * times beside them are not. A text that is no JSON, as somebody's paste may be, is secret as a whole.
 */
function secretsIn(text: string): string[] {
  const json = parseJson(text)
  if (typeof json !== 'object') return [typeof json === 'string' ? json : text]
  const found: string[] = []
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && SECRET_FIELDS.has(key)) found.push(inner)
      else walk(inner)
    }
  }
  walk(json)
  return found
}

function formsOf(secret: string): string[] {
  // JSON within JSON, too: a message that carries a message.
  const forms = [secret, encodeURIComponent(secret.toWellFormed()), inJson(secret), inJson(inJson(secret))]
  // Of a longer text in base64 a part is always the same, one for each place in a group of three bytes.
  for (const offset of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
    const whole = bytes.length - (bytes.length % 3)
    const base64 = bytes.toString('base64', offset === 0 ? 0 : 3, whole)
    forms.push(base64, base64.replaceAll('+', '-').replaceAll('/', '_'))
  }
  // Of a very short one so little may be left that it would be found everywhere.
  return [...new Set(forms)].filter((form) => form.length >= MIN_LENGTH)
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** The longest first: one form may begin with another. */
function anyOf(texts: readonly string[]): RegExp | null {
  if (texts.length === 0) return null
  const longestFirst = texts.toSorted((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(escaped).join('|'), 'g')
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
