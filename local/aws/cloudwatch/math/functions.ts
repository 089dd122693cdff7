import { MathError } from './parse.ts'
import { mapped, type Series, series, seriesIn, type Value } from './value.ts'

type Given = { items: readonly Value[]; periods: number }

/**
 * The functions that are known here. Those that make a number of all values of one time series (`MAX(m1)`) are not: in an
 * alarm they look at more periods than it does, and CloudWatch's documentation advises against them.
 */
export const FUNCTIONS: Readonly<Record<string, (given: Given) => Value>> = {
  ABS: ({ items }) => mapped(one(items, 'ABS'), Math.abs),
  CEIL: ({ items }) => mapped(one(items, 'CEIL'), Math.ceil),
  FLOOR: ({ items }) => mapped(one(items, 'FLOOR'), Math.floor),
  SUM: ({ items }) => across(items, 'SUM', (values) => values.reduce((total, value) => total + value, 0)),
  MAX: ({ items }) => across(items, 'MAX', (values) => Math.max(...values)),
  MIN: ({ items }) => across(items, 'MIN', (values) => Math.min(...values)),
  TIME_SERIES({ items, periods }) {
    const value = one(items, 'TIME_SERIES')
    if (value.kind !== 'scalar') throw new MathError('TIME_SERIES takes a number')
    return series(Array.from({ length: periods }, () => value.value))
  },
  FILL({ items }) {
    const [value, filler, ...others] = items
    if (value === undefined || filler === undefined || others.length > 0 || filler.kind === 'array')
      throw new MathError('FILL takes what is filled, and a number or a time series')
    const fill = (from: Series): Series =>
      from.map((number, at) => number ?? (filler.kind === 'scalar' ? filler.value : (filler.series[at] ?? null)))
    if (value.kind === 'array') return { kind: 'array', all: value.all.map(fill) }
    return series(fill(seriesIn(value, 'What FILL fills')))
  },
  IF({ items }) {
    const [condition, then, otherwise, ...others] = items
    if (condition === undefined || then === undefined || others.length > 0)
      throw new MathError('IF takes two or three values')
    const atTime = (value: Value | undefined, at: number) => {
      if (value === undefined) return null
      return value.kind === 'scalar' ? value.value : (seriesIn(value, 'What IF chooses').at(at) ?? null)
    }
    if (condition.kind === 'scalar') {
      const chosen = condition.value === 0 ? otherwise : then
      return series(seriesIn(chosen, 'What IF chooses by a number'))
    }
    return series(
      seriesIn(condition, 'The condition of IF').map((holds, at) => {
        if (holds === null) return null
        // Where it holds, a missing value is 0; where it does not, there is none. So in the documentation's tables.
        return holds === 0 ? atTime(otherwise, at) : (atTime(then, at) ?? 0)
      }),
    )
  },
}

function one(items: readonly Value[], name: string): Value {
  const [value, ...others] = items
  if (value === undefined || others.length > 0) throw new MathError(`${name} takes one value`)
  return value
}

/** One time series of several, by those of them that have a value at a time. */
function across(items: readonly Value[], name: string, act: (values: number[]) => number): Value {
  const value = one(items, name)
  if (value.kind !== 'array') throw new MathError(`${name} is known here for [several, time series] only`)
  const [first = []] = value.all
  return series(
    first.map((_, at) => {
      const values = value.all.map((each) => each[at] ?? null).filter((number) => number !== null)
      return values.length === 0 ? null : act(values)
    }),
  )
}
