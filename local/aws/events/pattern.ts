import { isObject, type JsonObject } from '../call.ts'
import { compileFilter, invalid, type Matcher } from './pattern-filter.ts'

/** The places of an event that a leaf of a pattern looks at: arrays count by their elements, an empty one not at all. */
function leaves(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.length === 0 ? [undefined] : value.flatMap(leaves)
  return [isObject(value) ? undefined : value]
}

/** `[...]`: one of the listed values or filters has to hold for one of the event's values. */
function compileLeaf(alternatives: unknown[], path: string): Matcher {
  if (alternatives.length === 0) invalid(`Empty arrays are not allowed at ${path}`)
  const matchers = alternatives.map((alternative) => {
    if (isObject(alternative)) return compileFilter(alternative, path)
    if (Array.isArray(alternative)) return invalid(`Arrays in an array of values are not allowed at ${path}`)
    return (value: unknown) => value === alternative
  })
  return (value) => leaves(value).some((leaf) => matchers.some((matches) => matches(leaf)))
}

/** `$or` in a pattern: one of the patterns has to hold, besides everything that stands next to it. */
function compileOr(alternatives: unknown, path: string): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject)) {
    return invalid(`$or must be an array of at least 2 patterns at ${path}`)
  }
  const matchers = alternatives.map((pattern) => compileObject(pattern, path))
  return (value) => matchers.some((matches) => matches(value))
}

function compileObject(pattern: JsonObject, path: string): Matcher {
  const fields = Object.entries(pattern).map(([key, below]): Matcher => {
    const place = path === '' ? key : `${path}.${key}`
    if (key === '$or') return compileOr(below, place)
    const matches = Array.isArray(below)
      ? compileLeaf(below, place)
      : isObject(below)
        ? compileObject(below, place)
        : invalid(`"${place}" must be an object or an array`)
    return (value) => matches(isObject(value) ? value[key] : undefined)
  })
  if (fields.length === 0) invalid(`Empty objects are not allowed${path === '' ? '' : ` at ${path}`}`)
  const all: Matcher = (value) => fields.every((matches) => matches(value))
  // In an array of objects, one object has to satisfy the whole pattern.
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(all) : all(value))
}

/**
 * An event pattern as a function of the event.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws AwsError InvalidEventPatternException that names the place
 */
export function compilePattern(pattern: unknown): Matcher {
  return isObject(pattern) ? compileObject(pattern, '') : invalid('Filter is not an object')
}
