/**
 * The part of the language of CloudWatch Logs Insights that saved queries use, and nothing more: what it does not know it refuses.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export type Condition =
  | { kind: 'and' | 'or'; both: readonly [Condition, Condition] }
  | { kind: 'not'; one: Condition }
  | { kind: 'present'; field: string }
  | { kind: 'compare'; field: string; operator: '=' | '!=' | '<' | '<=' | '>' | '>='; value: string | number }
  | { kind: 'in'; field: string; values: readonly (string | number)[]; negated: boolean }
  | { kind: 'like'; field: string; pattern: RegExp }

export type Aggregate = {
  fn: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'pct'
  /** Null for `*`. */
  field: string | null
  share: number
  as: string
}

export type Command =
  | { kind: 'fields'; fields: readonly string[] }
  | { kind: 'filter'; condition: Condition }
  | { kind: 'stats'; aggregates: readonly Aggregate[]; by: readonly string[]; binSeconds: number | null }
  | { kind: 'sort'; by: string; descending: boolean }
  | { kind: 'limit'; count: number }

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\/(?:[^/\\]|\\.)+\/)|(`[^`]+`|@?[A-Za-z][\w.]*)|(\d+(?:\.\d+)?)|(<=|>=|!=|[=<>()[\],*]))/y

/** Words of the language: a field of such a name has to stand in backticks. */
const RESERVED = new Set(['fields', 'filter', 'stats', 'sort', 'limit', 'by', 'as', 'and', 'or', 'not', 'in', 'like'])

/** @throws Error that names what is not understood */
export function parse(query: string): Command[] {
  const text = query.replaceAll(/^#.*$/gm, '').trim()
  return text.split(/\n\s*\|\s*/).map((command) => parseCommand(command))
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new Error(`not understood: ${text.slice(at, at + 30)}`)
    tokens.push(match[0].trim())
  }
  return tokens
}

function parseCommand(text: string): Command {
  const tokens = tokensOf(text)
  const peek = () => tokens[0]
  const take = (): string => {
    const token = tokens.shift()
    if (token === undefined) throw new Error(`ends too soon: ${text}`)
    return token
  }
  const expect = (wanted: string) => {
    const token = take()
    if (token !== wanted) throw new Error(`${wanted} was expected, not ${token}: ${text}`)
  }
  const field = (): string => {
    const token = take()
    if (token.startsWith('`')) return token.slice(1, -1)
    // Underscores and hyphens, too, need backticks.
    if (!/^@?[A-Za-z][A-Za-z0-9.]*$/.test(token) || RESERVED.has(token))
      throw new Error(`${token} is no field: ${text}`)
    return token
  }
  const literal = (): string | number => {
    const token = take()
    if (token.startsWith('"')) return token.slice(1, -1)
    if (/^\d/.test(token)) return Number(token)
    throw new Error(`${token} is no value: ${text}`)
  }
  const list = <T>(one: () => T): T[] => {
    const all = [one()]
    while (peek() === ',') {
      take()
      all.push(one())
    }
    return all
  }

  const either = (): Condition => {
    const first = both()
    if (peek() !== 'or') return first
    take()
    return { kind: 'or', both: [first, either()] }
  }
  const both = (): Condition => {
    const first = one()
    if (peek() !== 'and') return first
    take()
    return { kind: 'and', both: [first, both()] }
  }
  const one = (): Condition => {
    if (peek() === 'not') {
      take()
      return { kind: 'not', one: one() }
    }
    if (peek() === '(') {
      take()
      const inner = either()
      expect(')')
      return inner
    }
    if (peek() === 'ispresent') {
      take()
      expect('(')
      const name = field()
      expect(')')
      return { kind: 'present', field: name }
    }
    return comparison(field())
  }
  const comparison = (name: string): Condition => {
    const operator = take()
    switch (operator) {
      case '=':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { kind: 'compare', field: name, operator, value: literal() }
      case 'not':
        expect('in')
        return { kind: 'in', field: name, values: values(), negated: true }
      case 'in':
        return { kind: 'in', field: name, values: values(), negated: false }
      case 'like': {
        const pattern = take()
        const isRegex = pattern.startsWith('/')
        const source = isRegex ? pattern.slice(1, -1) : pattern.slice(1, -1).replaceAll(/[^\w\s]/g, '\\$&')
        return { kind: 'like', field: name, pattern: new RegExp(source) }
      }
      default:
        throw new Error(`${operator} is no comparison: ${text}`)
    }
  }
  const values = () => {
    expect('[')
    const all = list(literal)
    expect(']')
    return all
  }

  const aggregate = (): Aggregate => {
    const fn = take()
    if (fn !== 'count' && fn !== 'sum' && fn !== 'avg' && fn !== 'min' && fn !== 'max' && fn !== 'pct')
      throw new Error(`${fn} is no function: ${text}`)
    expect('(')
    let of: string | null = null
    if (peek() === '*') take()
    else of = field()
    if (of === null && fn !== 'count') throw new Error(`${fn} wants a field: ${text}`)
    let share = 0
    if (fn === 'pct') {
      expect(',')
      share = Number(literal())
    }
    expect(')')
    expect('as')
    return { fn, field: of, share, as: field() }
  }

  const command = ((): Command => {
    const name = take()
    switch (name) {
      case 'fields':
        return { kind: 'fields', fields: list(field) }
      case 'filter':
        return { kind: 'filter', condition: either() }
      case 'stats': {
        const aggregates = list(aggregate)
        const by: string[] = []
        let binSeconds: number | null = null
        expect('by')
        list(() => {
          if (peek() !== 'bin') return by.push(field())
          take()
          expect('(')
          const minutes = Number(take())
          expect('m')
          expect(')')
          binSeconds = minutes * 60
          return 0
        })
        return { kind: 'stats', aggregates, by, binSeconds }
      }
      case 'sort': {
        const by = field()
        const direction = take()
        if (direction !== 'asc' && direction !== 'desc') throw new Error(`${direction} is no direction: ${text}`)
        return { kind: 'sort', by, descending: direction === 'desc' }
      }
      case 'limit':
        return { kind: 'limit', count: Number(literal()) }
      default:
        throw new Error(`${name} is no command: ${text}`)
    }
  })()
  if (tokens.length > 0) throw new Error(`${tokens.join(' ')} is too much: ${text}`)
  return command
}

/** Every field of the logs that a query names; what it makes itself is none. */
export function fieldsOf(commands: readonly Command[]): string[] {
  const made = new Set(
    commands.flatMap((command) => (command.kind === 'stats' ? command.aggregates.map(({ as }) => as) : [])),
  )
  const named = commands.flatMap(namedBy)
  return [...new Set(named)].filter((name) => !made.has(name))
}

function fieldsIn(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.both.flatMap(fieldsIn)
    case 'not':
      return fieldsIn(condition.one)
    default:
      return [condition.field]
  }
}

function namedBy(command: Command): readonly string[] {
  switch (command.kind) {
    case 'fields':
      return command.fields
    case 'filter':
      return fieldsIn(command.condition)
    case 'stats':
      return [...command.by, ...command.aggregates.flatMap(({ field }) => field ?? [])]
    case 'sort':
      return [command.by]
    case 'limit':
      return []
  }
}
