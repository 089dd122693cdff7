import { invalid } from '../errors.ts'
import { itemIn, type Value } from '../values.ts'

/** The names and values that come with a request: its expressions are the same for many, these are not. */
export type Given = {
  readonly names: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, Value>>
}

/** Which of them an expression uses. */
export type Used = { readonly names: Set<string>; readonly values: Set<string> }

export const usedNone = (): Used => ({ names: new Set(), values: new Set() })

type Parameters = {
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Record<string, unknown> | undefined
}

const NOTHING: Given = { names: {}, values: {} }

/** Takes what a request gives, and refuses what its expressions lack or do not use, as DynamoDB does. */
export function givenWith(parameters: Parameters, used: readonly Used[]): Given {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = parameters
  if (names === undefined && values === undefined && used.length === 0) return NOTHING
  const given = { names: names ?? {}, values: itemIn(values ?? {}) }
  for (const [what, kind] of [['Names', 'names'] as const, ['Values', 'values'] as const]) {
    const stated = Object.keys(given[kind])
    const asked = used.map((each) => each[kind])
    const parameter = what === 'Names' ? names : values
    if (parameter !== undefined && stated.length === 0) throw invalid(`ExpressionAttribute${what} must not be empty`)
    for (const each of stated) {
      if (!asked.some((set) => set.has(each))) {
        throw invalid(`Value provided in ExpressionAttribute${what} unused in expressions: keys: {${each}}`)
      }
    }
    for (const each of asked.flatMap((set) => [...set])) {
      if (!Object.hasOwn(given[kind], each)) {
        throw invalid(`An expression attribute ${what === 'Names' ? 'name' : 'value'} is not defined; ${each}`)
      }
    }
  }
  return given
}
