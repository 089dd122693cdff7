import { BlockList, isIP } from 'node:net'
import { isObject, type JsonObject } from '../call.ts'
import { AwsError } from '../json-protocol.ts'

/** Whether a value at some place of the event satisfies the pattern there; undefined where the event has nothing. */
export type Matcher = (value: unknown) => boolean

/** @throws AwsError InvalidEventPatternException */
export function invalid(reason: string): never {
  throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`)
}

type Text = (value: string) => boolean

/** A filter on text never matches what is no text. */
const onText =
  (test: Text): Matcher =>
  (value) =>
    typeof value === 'string' && test(value)

const folded = (text: string) => text.toLowerCase()

/** `prefix` and `suffix` take text, or `{"equals-ignore-case": text}`. */
function compileAffix(operator: 'prefix' | 'suffix', spec: unknown, path: string): Text {
  const test = (value: string, part: string) => (operator === 'prefix' ? value.startsWith(part) : value.endsWith(part))
  if (typeof spec === 'string') return (value) => test(value, spec)
  const [fold, text] = single(spec) ?? []
  if (fold !== 'equals-ignore-case' || typeof text !== 'string') {
    return invalid(`${operator} match pattern must be a string at ${path}`)
  }
  const part = folded(text)
  return (value) => test(folded(value), part)
}

/** `*` stands for any characters, `\*` and `\\` for themselves. */
function compileWildcard(spec: unknown, path: string): Text {
  if (typeof spec !== 'string') return invalid(`wildcard match pattern must be a string at ${path}`)
  if (spec.includes('**')) return invalid(`Consecutive wildcard characters at ${path}`)
  const parts = spec.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? []
  const source = parts.map((part) => {
    if (part === '*') return '.*'
    if (part === '\\') return invalid(`Invalid escape character at ${path}`)
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  const pattern = new RegExp(`^${source.join('')}$`, 's')
  return (value) => pattern.test(value)
}

function compileFold(spec: unknown, path: string): Text {
  if (typeof spec !== 'string') return invalid(`equals-ignore-case match pattern must be a string at ${path}`)
  const wanted = folded(spec)
  return (value) => folded(value) === wanted
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

/**
 * Beyond it nothing is compared, so no time in milliseconds is:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const NUMERIC_LIMIT = 5e9

/** `[">", 0, "<=", 5]`: every comparison has to hold. */
function compileNumeric(spec: unknown, path: string): Matcher {
  if (!Array.isArray(spec) || (spec.length !== 2 && spec.length !== 4)) {
    return invalid(`numeric match pattern must be an array of one or two comparisons at ${path}`)
  }
  const tests: ((value: number) => boolean)[] = []
  for (let at = 0; at < spec.length; at += 2) {
    const compare = COMPARISONS[String(spec[at])]
    const bound: unknown = spec[at + 1]
    if (compare === undefined || typeof bound !== 'number') return invalid(`Invalid numeric comparison at ${path}`)
    if (Math.abs(bound) > NUMERIC_LIMIT) return invalid(`Value must be between -5.0E9 and 5.0E9, inclusive at ${path}`)
    tests.push((value) => compare(value, bound))
  }
  return (value) => typeof value === 'number' && Math.abs(value) <= NUMERIC_LIMIT && tests.every((test) => test(value))
}

function compileCidr(spec: unknown, path: string): Matcher {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(String(spec)) ?? []
  const version = isIP(address)
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return invalid(`Malformed CIDR at ${path}`)
  const block = new BlockList()
  block.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return onText((value) => isIP(value) === version && block.check(value, version === 4 ? 'ipv4' : 'ipv6'))
}

const TEXT_OPERATORS: Record<string, (spec: unknown, path: string) => Text> = {
  prefix: (spec, path) => compileAffix('prefix', spec, path),
  suffix: (spec, path) => compileAffix('suffix', spec, path),
  'equals-ignore-case': compileFold,
  wildcard: compileWildcard,
}

const listOf = (spec: unknown): unknown[] => (Array.isArray(spec) ? spec : [spec])

/** `anything-but`: values, or one text operator with one or several texts; what is absent never matches. */
function compileAnythingBut(spec: unknown, path: string): Matcher {
  const [operator, below] = single(spec) ?? []
  if (operator !== undefined) {
    const compile = TEXT_OPERATORS[operator]
    if (compile === undefined) return invalid(`Unsupported anything-but pattern ${operator} at ${path}`)
    const excluded = listOf(below).map((text) => compile(text, path))
    return (value) => value !== undefined && !(typeof value === 'string' && excluded.some((test) => test(value)))
  }
  const values = listOf(spec)
  const kinds = new Set(values.map((value) => typeof value))
  if (values.length === 0 || kinds.size > 1 || !(kinds.has('string') || kinds.has('number'))) {
    return invalid(`anything-but list must hold only strings or only numbers at ${path}`)
  }
  return (value) => value !== undefined && !values.includes(value)
}

/** The only member of an object. */
function single(spec: unknown): [string, unknown] | undefined {
  const entries = isObject(spec) ? Object.entries(spec) : []
  return entries.length === 1 ? entries[0] : undefined
}

/** `{"prefix": …}` and its like, one operator each. @throws AwsError InvalidEventPatternException */
export function compileFilter(filter: JsonObject, path: string): Matcher {
  const [operator = '', spec] = single(filter) ?? []
  const compileText = TEXT_OPERATORS[operator]
  if (compileText !== undefined) return onText(compileText(spec, path))
  switch (operator) {
    case 'exists':
      if (typeof spec !== 'boolean') return invalid(`exists match pattern must be either true or false at ${path}`)
      return (value) => (value !== undefined) === spec
    case 'numeric':
      return compileNumeric(spec, path)
    case 'cidr':
      return compileCidr(spec, path)
    case 'anything-but':
      return compileAnythingBut(spec, path)
    case '':
      return invalid(`Only one operator is allowed in a filter at ${path}`)
    default:
      return invalid(`Unrecognized match type ${operator} at ${path}`)
  }
}
