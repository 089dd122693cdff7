import { invalid } from '../errors.ts'
import { equal, type Item, isList, isSet, type Kind, kindOf, type Value } from '../values.ts'
import type { Given } from './given.ts'
import { kindGiven, type Operand, operandValue } from './operands.ts'

/** Whether an item is as asked for. */
export type Test = (item: Item, given: Given) => boolean
/** Refuses values that no item could be compared with. */
export type Check = (given: Given) => void
export type Comparison = { test: Test; check?: Check }

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const
type Comparator = (typeof COMPARATORS)[number]

export const isComparator = (token: string): token is Comparator => COMPARATORS.some((each) => each === token)

/** Values of two kinds are not equal, and neither comes before the other. */
export function compare(comparator: Comparator, left: Operand, right: Operand): Comparison {
  return {
    test(item, given) {
      const [a, b] = [operandValue(left, item, given), operandValue(right, item, given)]
      if (a === undefined || b === undefined) return comparator === '<>'
      if (comparator === '=') return equal(a, b)
      if (comparator === '<>') return !equal(a, b)
      const order = orderOf(a, b)
      return order !== undefined && holds(comparator, order)
    },
    check(given) {
      if (comparator !== '=' && comparator !== '<>') refuseUnordered(comparator, [left, right], given)
    },
  }
}

function holds(comparator: '<' | '<=' | '>' | '>=', order: number): boolean {
  switch (comparator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Below, at or above zero; `undefined` where there is no order. */
function orderOf(a: Value, b: Value): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b)
  return undefined
}

export const textOrder = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

export function between(operand: Operand, low: Operand, high: Operand): Comparison {
  return {
    test(item, given) {
      const [value, from, to] = [operand, low, high].map((each) => operandValue(each, item, given))
      if (value === undefined || from === undefined || to === undefined) return false
      const [above, below] = [orderOf(value, from), orderOf(value, to)]
      return above !== undefined && below !== undefined && above >= 0 && below <= 0
    },
    check(given) {
      refuseUnordered('BETWEEN', [operand, low, high], given)
      if (low.kind !== 'value' || high.kind !== 'value') return
      const [from, to] = [given.values[low.name], given.values[high.name]]
      const order = from === undefined || to === undefined ? undefined : orderOf(from, to)
      if (order === undefined || order > 0) {
        throw invalid('The BETWEEN operator requires two bounds of one type, the upper one not below the lower one')
      }
    },
  }
}

export function isIn(operand: Operand, among: readonly Operand[]): Comparison {
  return {
    test(item, given) {
      const value = operandValue(operand, item, given)
      const isIt = (each: Value | undefined) => each !== undefined && value !== undefined && equal(value, each)
      return among.some((each) => isIt(operandValue(each, item, given)))
    },
  }
}

export function beginsWith(operand: Operand, start: Operand): Comparison {
  return {
    test(item, given) {
      const [text, head] = [operandValue(operand, item, given), operandValue(start, item, given)]
      return typeof text === 'string' && typeof head === 'string' && text.startsWith(head)
    },
    check(given) {
      const kind = kindGiven(start, given)
      if (kind !== undefined && kind !== 'S') throw wrongKind('begins_with', kind)
    },
  }
}

export function contains(operand: Operand, part: Operand): Comparison {
  return {
    test(item, given) {
      const [whole, searched] = [operandValue(operand, item, given), operandValue(part, item, given)]
      if (whole === undefined || searched === undefined) return false
      if (typeof whole === 'string') return typeof searched === 'string' && whole.includes(searched)
      if (isSet(whole)) return [...whole].some((each) => equal(each, searched))
      return isList(whole) && whole.some((each) => equal(each, searched))
    },
  }
}

export function attributeType(operand: Operand, kind: Operand): Comparison {
  return {
    test(item, given) {
      const value = operandValue(operand, item, given)
      return value !== undefined && kindOf(value) === operandValue(kind, item, given)
    },
    check(given) {
      if (kindGiven(kind, given) !== 'S') throw wrongKind('attribute_type', kindGiven(kind, given))
    },
  }
}

function refuseUnordered(operator: string, operands: readonly Operand[], given: Given): void {
  for (const operand of operands) {
    const kind = kindGiven(operand, given)
    if (kind !== undefined && kind !== 'S' && kind !== 'N') throw wrongKind(operator, kind)
  }
}

const wrongKind = (operator: string, kind: Kind | undefined) =>
  invalid(`Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${kind}`)
