import { invalid } from '../errors.ts'
import { type Item, isList, type Value } from '../values.ts'
import type { Given, Used } from './given.ts'
import { kindGiven, type Operand, operandValue, parseOperand } from './operands.ts'
import { type Path, parsePath, valueAt } from './paths.ts'
import type { Tokens } from './tokens.ts'

/** What a SET assigns. */
export type Source =
  | Operand
  | { kind: 'ifNotExists'; path: Path; other: Source }
  | { kind: 'append' | 'plus' | 'minus'; left: Source; right: Source }

export function parseSource(tokens: Tokens, used: Used): Source {
  const left = parseTerm(tokens, used)
  if (tokens.take('+')) return { kind: 'plus', left, right: parseTerm(tokens, used) }
  if (tokens.take('-')) return { kind: 'minus', left, right: parseTerm(tokens, used) }
  return left
}

function parseTerm(tokens: Tokens, used: Used): Source {
  if (tokens.peek(1) !== '(') return parseOperand(tokens, used)
  const name = tokens.next()
  tokens.expect('(')
  if (name === 'if_not_exists') {
    const path = parsePath(tokens, used)
    tokens.expect(',')
    const other = parseTerm(tokens, used)
    tokens.expect(')')
    return { kind: 'ifNotExists', path, other }
  }
  if (name !== 'list_append') throw invalid(`Invalid function name; function: ${name}`)
  const left = parseTerm(tokens, used)
  tokens.expect(',')
  const right = parseTerm(tokens, used)
  tokens.expect(')')
  return { kind: 'append', left, right }
}

/** Refuses what the values alone make impossible, whatever the item holds. */
export function checkSource(source: Source, given: Given): void {
  if (source.kind === 'ifNotExists') checkSource(source.other, given)
  if (!('left' in source)) return
  for (const each of [source.left, source.right]) {
    checkSource(each, given)
    const kind = kindGiven(each, given)
    if (kind !== undefined && kind !== (source.kind === 'append' ? 'L' : 'N')) throw wrongType()
  }
}

/** @param item as it was before the update */
export function valueOfSource(source: Source, item: Item, given: Given): Value {
  if (source.kind === 'ifNotExists') {
    const there = valueAt(item, source.path, given)
    // Null is there, too.
    return there === undefined ? valueOfSource(source.other, item, given) : there
  }
  if (!('left' in source)) {
    const value = operandValue(source, item, given)
    if (value !== undefined) return value
    throw invalid('The provided expression refers to an attribute that does not exist in the item')
  }
  const [left, right] = [valueOfSource(source.left, item, given), valueOfSource(source.right, item, given)]
  if (source.kind === 'append' && isList(left) && isList(right)) return [...left, ...right]
  // In doubles, not in DynamoDB's decimals: the same for whole numbers below 2^53, and nothing else is added up here.
  if (source.kind === 'plus' && typeof left === 'number' && typeof right === 'number') return left + right
  if (source.kind === 'minus' && typeof left === 'number' && typeof right === 'number') return left - right
  throw wrongType()
}

export const wrongType = () => invalid('An operand in the update expression has an incorrect data type')
