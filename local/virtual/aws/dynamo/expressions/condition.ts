import { invalid } from '../errors.ts'
import {
  attributeType,
  beginsWith,
  between,
  type Check,
  type Comparison,
  compare,
  contains,
  isComparator,
  isIn,
  type Test,
} from './comparisons.ts'
import { type Used, usedNone } from './given.ts'
import { type Operand, parseOperand } from './operands.ts'
import { type Path, valueAt } from './paths.ts'
import { syntaxError, type Tokens, tokensOf } from './tokens.ts'

export type Condition = {
  test: Test
  check: Check
  used: Used
  /** What it compares for equality, and all that it looks at: a key condition is judged by them. */
  equalities: { left: Operand; right: Operand }[]
  paths: Path[]
}

type Parsing = { tokens: Tokens; used: Used; checks: Check[]; equalities: Condition['equalities']; paths: Path[] }

/** Reads a condition once, for any number of items and values. */
export function parseCondition(expression: string): Condition {
  const parsing: Parsing = { tokens: tokensOf(expression), used: usedNone(), checks: [], equalities: [], paths: [] }
  const test = parseOr(parsing)
  const rest = parsing.tokens.peek()
  if (rest !== undefined) throw syntaxError(rest)
  const { used, checks, equalities, paths } = parsing
  return {
    test,
    check(given) {
      for (const check of checks) check(given)
    },
    used,
    equalities,
    paths,
  }
}

function parseOr(parsing: Parsing): Test {
  let test = parseAnd(parsing)
  while (parsing.tokens.take('OR')) {
    const [left, right] = [test, parseAnd(parsing)]
    test = (item, given) => left(item, given) || right(item, given)
  }
  return test
}

function parseAnd(parsing: Parsing): Test {
  let test = parseNot(parsing)
  while (parsing.tokens.take('AND')) {
    const [left, right] = [test, parseNot(parsing)]
    test = (item, given) => left(item, given) && right(item, given)
  }
  return test
}

function parseNot(parsing: Parsing): Test {
  const { tokens, checks } = parsing
  if (tokens.take('NOT')) {
    const test = parseNot(parsing)
    return (item, given) => !test(item, given)
  }
  if (tokens.take('(')) {
    const test = parseOr(parsing)
    tokens.expect(')')
    return test
  }
  const { test, check } = parseFunction(parsing) ?? parseComparison(parsing)
  if (check !== undefined) checks.push(check)
  return test
}

function parseFunction(parsing: Parsing): Comparison | undefined {
  const { tokens } = parsing
  const name = tokens.peek()
  if (tokens.peek(1) !== '(' || name === undefined || name.toLowerCase() === 'size') return undefined
  tokens.next()
  const operands = parseList(parsing)
  const [operand, second] = operands
  if (operand === undefined || operand.kind === 'size' || operands.length !== NUMBER_OF_OPERANDS.get(name)) {
    throw invalid(`Invalid function name or operands; function: ${name}, number of operands: ${operands.length}`)
  }
  if (second === undefined) {
    if (operand.kind === 'value') throw invalid(`Operator or function requires a document path; function: ${name}`)
    const wanted = name === 'attribute_exists'
    return { test: (item, given) => (valueAt(item, operand.path, given) !== undefined) === wanted }
  }
  return functionOf(name, operand, second)
}

const NUMBER_OF_OPERANDS: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
])

function functionOf(name: string, operand: Operand, second: Operand): Comparison {
  if (name === 'begins_with') return beginsWith(operand, second)
  return name === 'contains' ? contains(operand, second) : attributeType(operand, second)
}

function parseComparison(parsing: Parsing): Comparison {
  const { tokens, equalities } = parsing
  const left = parseOne(parsing)
  if (tokens.take('BETWEEN')) {
    const low = parseOne(parsing)
    tokens.expect('AND')
    return between(left, low, parseOne(parsing))
  }
  if (tokens.take('IN')) return isIn(left, parseList(parsing))
  const comparator = tokens.next()
  if (!isComparator(comparator)) throw syntaxError(comparator)
  const right = parseOne(parsing)
  if (comparator === '=') equalities.push({ left, right })
  return compare(comparator, left, right)
}

function parseList(parsing: Parsing): Operand[] {
  parsing.tokens.expect('(')
  const operands = [parseOne(parsing)]
  while (parsing.tokens.take(',')) operands.push(parseOne(parsing))
  parsing.tokens.expect(')')
  return operands
}

function parseOne({ tokens, used, paths }: Parsing): Operand {
  const operand = parseOperand(tokens, used)
  if (operand.kind !== 'value') paths.push(operand.path)
  return operand
}
