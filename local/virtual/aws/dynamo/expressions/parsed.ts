import { type Condition, parseCondition } from './condition.ts'
import { type Given, givenWith, type Used } from './given.ts'
import { parseUpdate, type Update } from './update.ts'

type Checked = { used: Used; check(given: Given): void }

export type Expressions = {
  condition(expression: string | undefined): Condition | undefined
  update(expression: string): Update
  /** The names and values of a request, which have to be those of its expressions. */
  given(parameters: Parameters<typeof givenWith>[0], expressions: readonly (Checked | undefined)[]): Given
}

/** Expressions by their text: the same few come again and again, and reading one takes longer than applying it. */
export function createExpressions(): Expressions {
  const conditionOf = remembered(parseCondition)
  return {
    condition: (expression) => (expression === undefined ? undefined : conditionOf(expression)),
    update: remembered(parseUpdate),
    given(parameters, expressions) {
      const stated = expressions.filter((each) => each !== undefined)
      const given = givenWith(
        parameters,
        stated.map(({ used }) => used),
      )
      for (const { check } of stated) check(given)
      return given
    },
  }
}

function remembered<Parsed>(parse: (expression: string) => Parsed) {
  const known = new Map<string, Parsed>()
  return (expression: string): Parsed => {
    const found = known.get(expression)
    if (found !== undefined) return found
    const parsed = parse(expression)
    known.set(expression, parsed)
    return parsed
  }
}
