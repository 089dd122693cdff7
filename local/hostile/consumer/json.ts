/** A place in a JSON value: the keys and indexes that lead to it. */
export type Path = readonly (string | number)[]

const isContainer = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null

/** Every place of a value but the whole of it, the outer ones first. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (!isContainer(value)) return []
  const entries = Array.isArray(value) ? value.map((each, i) => [i, each] as const) : Object.entries(value)
  return entries.flatMap(([key, each]) => [[...path, key], ...pathsOf(each, [...path, key])])
}

/** A JSON text as it reads: put in where a value of JavaScript cannot say it. */
export type Raw = { readonly raw: string }

const MARK = '@hostile@'

/** The value as JSON text with something else in one place; `undefined` leaves the place out. */
export function withAt(value: unknown, path: Path, put: Raw | undefined): string {
  const text = JSON.stringify(replaced(value, path, put === undefined ? undefined : MARK))
  return put === undefined ? text : text.replace(`"${MARK}"`, () => put.raw)
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) {
    const changed = value.map((each, i) => (i === key ? replaced(each, rest, by) : each))
    return by === undefined && rest.length === 0 ? changed.filter((_, i) => i !== key) : changed
  }
  if (!isContainer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([k, each]) => [k, k === key ? replaced(each, rest, by) : each]))
}

export const pathText = (path: Path) => path.join('.')
