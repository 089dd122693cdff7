import { type Item, isList, isMap, isSet, type Kind, kindOf, type Value } from '../values.ts'
import type { Given, Used } from './given.ts'
import { type Path, parsePath, valueAt } from './paths.ts'
import type { Tokens } from './tokens.ts'

/** A side of a comparison or of an assignment. */
export type Operand = { kind: 'path' | 'size'; path: Path } | { kind: 'value'; name: string }

export function parseOperand(tokens: Tokens, used: Used): Operand {
  const token = tokens.peek()
  if (token?.startsWith(':')) {
    const name = tokens.next()
    used.values.add(name)
    return { kind: 'value', name }
  }
  if (token?.toLowerCase() === 'size' && tokens.peek(1) === '(') {
    tokens.next()
    tokens.expect('(')
    const path = parsePath(tokens, used)
    tokens.expect(')')
    return { kind: 'size', path }
  }
  return { kind: 'path', path: parsePath(tokens, used) }
}

export function operandValue(operand: Operand, item: Item, given: Given): Value | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path, given)
    case 'size':
      return sizeOf(valueAt(item, operand.path, given))
    case 'value':
      return given.values[operand.name]
  }
}

/** What the request itself says of the operand's kind; `undefined` where only an item can tell. */
export function kindGiven(operand: { kind: string; name?: string }, { values }: Given): Kind | undefined {
  const value = operand.kind === 'value' && operand.name !== undefined ? values[operand.name] : undefined
  return value === undefined ? undefined : kindOf(value)
}

function sizeOf(value: Value | undefined): number | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (isList(value)) return value.length
  if (isSet(value)) return value.size
  return isMap(value) ? Object.keys(value).length : undefined
}
