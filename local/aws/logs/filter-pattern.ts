import { isObject } from '../call.ts'

type LineTest = (message: string) => boolean

type Parsed = { readonly kind: 'test'; readonly test: LineTest } | { readonly kind: 'unsupported' }

const UNSUPPORTED: Parsed = { kind: 'unsupported' }

/** Words and quoted phrases, each with `?` for "any of these" or `-` for "not this" before it. What is no plain word needs quotes. */
const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\w+)(?=\s|$))/y
/** `$.field = "value"`, also with other comparisons, a number, or a word without quotes. */
const COMPARISON = /^\s*\$\.([\w.]+)\s*(=|!=|>=|<=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*$/

const unescaped = (text: string) => text.replace(/\\(.)/g, '$1')

/**
 * A filter pattern of CloudWatch Logs: nothing, terms, or comparisons of a JSON line's fields, joined by `&&` or by `||`.
 * What is beyond that (regular expressions, columns, brackets) is unsupported rather than guessed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): Parsed {
  const text = pattern.trim()
  if (text === '') return { kind: 'test', test: () => true }
  if (text.startsWith('{') && text.endsWith('}')) return ofJson(text.slice(1, -1))
  return /^[[{%]/.test(text) ? UNSUPPORTED : ofTerms(text)
}

function ofTerms(text: string): Parsed {
  const all: string[] = []
  const any: string[] = []
  const none: string[] = []
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const [whole, sign, quoted, word = ''] = TERM.exec(text) ?? []
    if (whole === undefined) return UNSUPPORTED
    const term = quoted === undefined ? word : unescaped(quoted)
    if (sign === '?') any.push(term)
    else if (sign === '-') none.push(term)
    else all.push(term)
  }
  const test = (message: string) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term))
  return { kind: 'test', test }
}

function ofJson(text: string): Parsed {
  const both = text.includes('&&') && text.includes('||')
  if (both || /[()]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ''))) return UNSUPPORTED
  const isAny = text.includes('||')
  const tests = text.split(isAny ? '||' : '&&').map(comparison)
  if (tests.some((test) => test === undefined)) return UNSUPPORTED
  const given = tests.filter((test) => test !== undefined)
  const test = (message: string) => {
    const line = parsed(message)
    if (line === undefined) return false
    return isAny ? given.some((one) => one(line)) : given.every((one) => one(line))
  }
  return { kind: 'test', test }
}

function comparison(text: string): ((line: unknown) => boolean) | undefined {
  const [whole, path = '', operator, quoted, word = ''] = COMPARISON.exec(text) ?? []
  if (whole === undefined || word.startsWith('%')) return undefined
  const number = quoted === undefined && word !== '' ? Number(word) : Number.NaN
  const keys = path.split('.')
  if (operator === '=' || operator === '!=') {
    const isSame = Number.isNaN(number) ? sameText(quoted === undefined ? word : unescaped(quoted)) : sameNumber(number)
    return (line) => {
      const value = valueAt(line, keys)
      return value !== undefined && isSame(value) === (operator === '=')
    }
  }
  if (Number.isNaN(number)) return undefined
  return (line) => {
    const value = valueAt(line, keys)
    if (typeof value !== 'number') return false
    if (operator === '>') return value > number
    if (operator === '<') return value < number
    return operator === '>=' ? value >= number : value <= number
  }
}

const sameNumber = (wanted: number) => (value: unknown) => value === wanted

/** `*` stands for anything, at either end too. */
function sameText(wanted: string): (value: unknown) => boolean {
  const source = wanted.split('*').map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&'))
  const pattern = new RegExp(`^${source.join('.*')}$`, 's')
  return (value) => (typeof value === 'string' || typeof value === 'boolean') && pattern.test(String(value))
}

function valueAt(line: unknown, keys: readonly string[]): unknown {
  let value = line
  for (const key of keys) {
    if (!isObject(value)) return undefined
    value = value[key]
  }
  return value
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
