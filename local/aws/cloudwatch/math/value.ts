import { MathError } from './parse.ts'

/** One value for each period, oldest first; null where there is none. */
export type Series = readonly (number | null)[]

export type Value =
  | { kind: 'scalar'; value: number }
  | { kind: 'series'; series: Series }
  | { kind: 'array'; all: readonly Series[] }

export const scalar = (value: number): Value => ({ kind: 'scalar', value })
export const series = (values: Series): Value => ({ kind: 'series', series: values })

/** @throws MathError for anything but one time series */
export function seriesIn(value: Value | undefined, what: string): Series {
  if (value?.kind === 'series') return value.series
  throw new MathError(`${what} has to be one time series`)
}

/** Does something to every value that is there. */
export function mapped(value: Value, act: (number: number) => number): Value {
  const each = (one: Series) => one.map((number) => (number === null ? null : finite(act(number))))
  switch (value.kind) {
    case 'scalar':
      return scalar(act(value.value))
    case 'series':
      return series(each(value.series))
    case 'array':
      return { kind: 'array', all: value.all.map(each) }
  }
}

/**
 * Joins two values. Of two time series, the one that has no value at a time counts as 0 there, and where neither has one
 * there is none; a division by zero leaves no value.
 */
export function joined(left: Value, right: Value, act: (a: number, b: number) => number): Value {
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalar(act(left.value, right.value))
  if (left.kind === 'scalar') return mapped(right, (number) => act(left.value, number))
  if (right.kind === 'scalar') return mapped(left, (number) => act(number, right.value))
  if (left.kind === 'series' && right.kind === 'series') return series(both(left.series, right.series, act))
  if (left.kind === 'array' && right.kind === 'series')
    return { kind: 'array', all: left.all.map((one) => both(one, right.series, act)) }
  if (left.kind === 'series' && right.kind === 'array')
    return { kind: 'array', all: right.all.map((one) => both(left.series, one, act)) }
  throw new MathError('two arrays of time series cannot be joined')
}

const both = (left: Series, right: Series, act: (a: number, b: number) => number): Series =>
  left.map((a, at) => {
    const b = right[at] ?? null
    return a === null && b === null ? null : finite(act(a ?? 0, b ?? 0))
  })

const finite = (number: number) => (Number.isFinite(number) ? number : null)
