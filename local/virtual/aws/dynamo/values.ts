import { isStorable } from '../../../../core/platform/json.ts'
import { invalid } from './errors.ts'

/** What an attribute holds. Binary is left out: nothing here stores any. Values in a table are never changed, only replaced. */
export type Value = string | number | boolean | null | ReadonlySet<string | number> | readonly Value[] | Item
export type Item = { readonly [name: string]: Value }

export type Kind = 'S' | 'N' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'L' | 'M'

/** `Array.isArray` does not tell a readonly array from the rest of a union. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)
export const isSet = (value: Value | undefined): value is ReadonlySet<string | number> => value instanceof Set
export const isMap = (value: Value | undefined): value is Item =>
  typeof value === 'object' && value !== null && !isList(value) && !isSet(value)

export function kindOf(value: Value): Kind {
  if (typeof value === 'string') return 'S'
  if (typeof value === 'number') return 'N'
  if (typeof value === 'boolean') return 'BOOL'
  if (value === null) return 'NULL'
  if (isSet(value)) return [...value].every((each) => typeof each === 'number') ? 'NS' : 'SS'
  return isList(value) ? 'L' : 'M'
}

/**
 * A copy as a table keeps it, by the rules of the document client in `core/platform/aws/dynamodb.ts`: what is undefined is
 * left out, an object is a map whatever made it, a number is a number.
 */
function copyIn(value: unknown): Value | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'string':
    case 'boolean':
      return value
    case 'bigint':
      return storable(Number(value))
    case 'number':
      return storable(value)
    case 'object':
      break
    default:
      throw new Error(`Unsupported type passed: ${typeof value}`)
  }
  if (value === null) return null
  if (Array.isArray(value)) return value.map(copyIn).filter((each) => each !== undefined)
  if (value instanceof Set) return copySet(value)
  if (ArrayBuffer.isView(value)) throw new Error('Binary values are not simulated')
  return itemIn(value)
}

export function itemIn(from: object): Item {
  const item: Record<string, Value> = {}
  for (const [name, each] of Object.entries(from)) {
    const value = copyIn(each)
    if (value !== undefined) item[name] = value
  }
  return item
}

/** What a reader gets: its own, so that changing it changes nothing in the table. */
function copyOut(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(copyOut)
  return isMap(value) ? itemOut(value) : new Set(value)
}

export function itemOut(item: Item): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const name of Object.keys(item)) {
    const value = item[name]
    if (value !== undefined) out[name] = copyOut(value)
  }
  return out
}

function storable(value: number): number {
  // The client's own refusal, before anything is sent.
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`)
  if (!isStorable(value)) throw invalid('Number overflow or underflow: its magnitude is outside of the supported range')
  // There is no -0 in a table.
  return value + 0
}

function copySet(set: ReadonlySet<unknown>): ReadonlySet<string | number> {
  const copy = new Set<string | number>()
  for (const each of set) {
    if (typeof each === 'number') copy.add(storable(each))
    else if (typeof each === 'string') copy.add(each)
    else throw new Error(`A set of ${typeof each} is not simulated`)
  }
  if (copy.size === 0) throw invalid('One or more parameter values were invalid: An set may not be empty')
  return copy
}

export function equal(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b
  if (isList(a)) return isList(b) && a.length === b.length && a.every((each, i) => equalOrAbsent(each, b[i]))
  if (isSet(a)) return isSet(b) && a.size === b.size && [...a].every((each) => b.has(each))
  if (!isMap(a) || !isMap(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => equalOrAbsent(a[name], b[name]))
}

const equalOrAbsent = (a: Value | undefined, b: Value | undefined) => a !== undefined && b !== undefined && equal(a, b)
