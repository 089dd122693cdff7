import { invalid } from '../errors.ts'
import { type Item, isList, isMap, type Value } from '../values.ts'
import type { Given, Used } from './given.ts'
import { syntaxError, type Tokens } from './tokens.ts'

/** A name in a map, spelt out or by its `#placeholder`, or a place in a list. */
type Step = string | number
/** Where a value is in an item. */
export type Path = readonly Step[]

const NAME = /^[A-Za-z]\w*$/
const PLACEHOLDER = /^#\w+$/
const INDEX = /^\d+$/

export function parsePath(tokens: Tokens, used: Used): Path {
  const path: Step[] = [parseName(tokens, used)]
  for (;;) {
    if (tokens.take('.')) {
      path.push(parseName(tokens, used))
    } else if (tokens.take('[')) {
      const index = tokens.next()
      if (!INDEX.test(index)) throw syntaxError(index)
      tokens.expect(']')
      path.push(Number(index))
    } else {
      return path
    }
  }
}

function parseName(tokens: Tokens, used: Used): string {
  const token = tokens.next()
  if (PLACEHOLDER.test(token)) used.names.add(token)
  else if (!NAME.test(token)) throw syntaxError(token)
  return token
}

/** The step's real name. No attribute that is spelt out begins with `#`. */
const nameOf = (step: string, { names }: Given): string => (step.startsWith('#') ? (names[step] ?? step) : step)

export const resolved = (path: Path, given: Given): Path =>
  path.map((step) => (typeof step === 'string' ? nameOf(step, given) : step))

export function valueAt(item: Item, path: Path, given: Given): Value | undefined {
  let value: Value | undefined = item
  for (const step of path) {
    if (typeof step === 'number') value = isList(value) ? value[step] : undefined
    else value = isMap(value) ? own(value, nameOf(step, given)) : undefined
    if (value === undefined) return undefined
  }
  return value
}

/** An attribute can have any name, also one that every object has. */
const own = (map: Item, name: string) => (Object.hasOwn(map, name) ? map[name] : undefined)

/** The item with the value there, or without it; everything beside the path is shared with the old one. */
export function withValueAt(item: Item, path: Path, value: Value | undefined, given: Given): Item {
  const [step, ...rest] = path
  if (typeof step !== 'string') throw notThere()
  return changeMap(item, nameOf(step, given), (old) => change(old, rest, value, given))
}

function change(old: Value | undefined, path: Path, value: Value | undefined, given: Given): Value | undefined {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'string') {
    if (!isMap(old)) throw notThere()
    return changeMap(old, nameOf(step, given), (inner) => change(inner, rest, value, given))
  }
  if (!isList(old)) throw notThere()
  const inner = change(old[step], rest, value, given)
  if (inner === undefined) return old.filter((_, i) => i !== step)
  // Beyond its end a list grows by one, however far beyond.
  return step < old.length ? old.with(step, inner) : [...old, inner]
}

function changeMap(map: Item, name: string, act: (old: Value | undefined) => Value | undefined): Item {
  const value = act(own(map, name))
  if (value !== undefined) return { ...map, [name]: value }
  const { [name]: _removed, ...rest } = map
  return rest
}

const notThere = () => invalid('The document path provided in the update expression is invalid for update')
