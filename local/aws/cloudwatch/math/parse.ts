/** A metric-math expression that is wrong, or that uses what is not known here. */
export class MathError extends Error {
  override readonly name = 'MathError'
}

export type Operator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR'

export type Node =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'id'; id: string }
  | { kind: 'list'; items: readonly Node[] }
  | { kind: 'call'; name: string; items: readonly Node[] }
  | { kind: 'negate'; of: Node }
  | { kind: 'binary'; operator: Operator; left: Node; right: Node }

/** The loosest first. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
]
const SPELLINGS: Readonly<Record<string, Operator>> = { '&&': 'AND', '||': 'OR' }

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y

type Token = { kind: 'number' | 'word' | 'text' | 'sign'; text: string }

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const at = TOKEN.lastIndex
    const [whole, number, word, text, sign] = TOKEN.exec(expression) ?? []
    if (whole === undefined)
      throw new MathError(`${expression}: what begins at "${expression.slice(at)}" is not known here`)
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (text !== undefined) tokens.push({ kind: 'text', text })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  return tokens
}

/**
 * Reads an expression of metric math.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws MathError where it ends too early, goes on too long, or holds what is not known here
 */
export function parseMath(expression: string): Node {
  const tokens = tokensOf(expression)
  let next = 0

  const isSign = (text: string) => tokens[next]?.kind === 'sign' && tokens[next]?.text === text
  const bad = () =>
    new MathError(`${expression}: ${JSON.stringify(tokens[next]?.text ?? 'the end')} stands where it cannot`)

  function expect(sign: string): void {
    if (!isSign(sign)) throw bad()
    next += 1
  }

  function operatorOf(level: number): Operator | undefined {
    const { kind, text = '' } = tokens[next] ?? {}
    if (kind !== 'sign' && kind !== 'word') return undefined
    const spelled = SPELLINGS[text] ?? text
    return LEVELS[level]?.find((operator) => operator === spelled)
  }

  function binary(level: number): Node {
    if (level === LEVELS.length) return unary()
    let left = binary(level + 1)
    for (let operator = operatorOf(level); operator !== undefined; operator = operatorOf(level)) {
      next += 1
      left = { kind: 'binary', operator, left, right: binary(level + 1) }
    }
    return left
  }

  function unary(): Node {
    if (!isSign('-')) return primary()
    next += 1
    return { kind: 'negate', of: unary() }
  }

  function items(end: string): Node[] {
    const found: Node[] = []
    while (!isSign(end)) {
      if (found.length > 0) expect(',')
      found.push(binary(0))
    }
    expect(end)
    return found
  }

  function primary(): Node {
    const token = tokens[next]
    if (token === undefined) throw bad()
    const { kind, text } = token
    if (kind === 'number' || kind === 'text') {
      next += 1
      return kind === 'number' ? { kind, value: Number(text) } : { kind, value: text }
    }
    if (kind === 'word' && text !== 'AND' && text !== 'OR') {
      next += 1
      if (!isSign('(')) return { kind: 'id', id: text }
      next += 1
      return { kind: 'call', name: text, items: items(')') }
    }
    if (isSign('(')) {
      next += 1
      const inner = binary(0)
      expect(')')
      return inner
    }
    if (isSign('[')) {
      next += 1
      return { kind: 'list', items: items(']') }
    }
    throw bad()
  }

  const whole = binary(0)
  if (next < tokens.length) throw bad()
  return whole
}
