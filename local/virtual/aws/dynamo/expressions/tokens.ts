import { invalid } from '../errors.ts'

/** Reads an expression word by word. */
export type Tokens = {
  /** The next token as it stands, `undefined` at the end. */
  peek(ahead?: number): string | undefined
  next(): string
  /** Goes on if the next token is this one; words regardless of case. */
  take(token: string): boolean
  expect(token: string): void
}

const TOKEN = /\s*(<=|>=|<>|[=<>()[\],.+-]|[#:]?\w+)/y

export function tokensOf(expression: string): Tokens {
  const tokens: string[] = []
  const end = expression.trimEnd().length
  TOKEN.lastIndex = 0
  for (let from = 0; from < end; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from
    const token = TOKEN.exec(expression)?.[1]
    if (token === undefined) throw syntaxError(expression.slice(from, from + 10))
    tokens.push(token)
  }
  if (tokens.length === 0) throw invalid('Invalid expression: The expression can not be empty;')

  let at = 0
  const take = (token: string) => {
    const is = tokens[at]?.toUpperCase() === token
    if (is) at += 1
    return is
  }
  return {
    peek: (ahead = 0) => tokens[at + ahead],
    next() {
      const token = tokens[at]
      if (token === undefined) throw syntaxError('<EOF>')
      at += 1
      return token
    },
    take,
    expect(token) {
      if (!take(token)) throw syntaxError(tokens[at] ?? '<EOF>')
    },
  }
}

export const syntaxError = (token: string) => invalid(`Invalid expression: Syntax error; token: "${token}"`)
