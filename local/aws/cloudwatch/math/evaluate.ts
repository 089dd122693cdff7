import { FUNCTIONS } from './functions.ts'
import { MathError, type Node, type Operator, parseMath } from './parse.ts'
import { joined, mapped, type Series, scalar, series, seriesIn, type Value } from './value.ts'

export type Surroundings = {
  /** The time series of an id; it may throw for one that it does not know. */
  seriesOf(id: string): Series
  /** The ids of all metrics, in their order. */
  metrics: readonly string[]
  periodSeconds: number
  /** How long every time series is. */
  periods: number
}

const OPERATORS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
}

/**
 * The time series that an expression makes.
 * @throws MathError for what is not known here, and for an expression that makes no time series
 */
export function evaluateMath(expression: string, around: Surroundings): Series {
  function value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return scalar(node.value)
      case 'text':
        throw new MathError(`${expression}: a text stands alone`)
      case 'id':
        return series(around.seriesOf(node.id))
      case 'list':
        return { kind: 'array', all: node.items.map((item) => seriesIn(value(item), `${expression}: each in a list`)) }
      case 'negate':
        return mapped(value(node.of), (number) => -number)
      case 'binary':
        return joined(value(node.left), value(node.right), OPERATORS[node.operator])
      case 'call':
        return call(node.name, node.items)
    }
  }

  function call(name: string, items: readonly Node[]): Value {
    const [first] = items
    if (name === 'PERIOD' && first?.kind === 'id' && items.length === 1) return scalar(around.periodSeconds)
    if (name === 'METRICS' && items.length === 0) return { kind: 'array', all: around.metrics.map(around.seriesOf) }
    if (name === 'METRICS' && items.length === 1 && first?.kind === 'text') {
      const named = around.metrics.filter((id) => id.includes(first.value))
      return { kind: 'array', all: named.map(around.seriesOf) }
    }
    const known = FUNCTIONS[name]
    if (known === undefined) throw new MathError(`${expression}: ${name} is not known here`)
    return known({ items: items.map(value), periods: around.periods })
  }

  return seriesIn(value(parseMath(expression)), expression)
}
