import { templateError } from './errors.ts'
import { intrinsicOf, isObject } from './intrinsics.ts'

/**
 * Answers a stack's conditions by name.
 * @param value evaluates an operand (a `Ref`, a `Fn::FindInMap`, a literal).
 * @throws StackError for a condition that is missing, refers to itself, or uses what is not supported.
 */
export function conditionsOf(
  conditions: Map<string, unknown>,
  value: (operand: unknown, where: string) => unknown,
): (name: string) => boolean {
  const known = new Map<string, boolean>()
  const open = new Set<string>()

  const named = (name: string): boolean => {
    const answered = known.get(name)
    if (answered !== undefined) return answered
    const where = `Condition ${name}`
    if (!conditions.has(name)) throw templateError(where, 'is not in the template')
    if (open.has(name)) throw templateError(where, 'refers to itself')
    open.add(name)
    const answer = holds(conditions.get(name), where)
    known.set(name, answer)
    return answer
  }

  const holds = (rule: unknown, where: string): boolean => {
    if (isObject(rule) && typeof rule['Condition'] === 'string') return named(rule['Condition'])
    const intrinsic = isObject(rule) ? intrinsicOf(rule) : undefined
    const operands = intrinsic && Array.isArray(intrinsic.argument) ? intrinsic.argument : []
    switch (intrinsic?.name) {
      case 'Fn::Equals':
        return JSON.stringify(value(operands[0], where)) === JSON.stringify(value(operands[1], where))
      case 'Fn::Not':
        return !holds(operands[0], where)
      case 'Fn::And':
        return operands.every((operand) => holds(operand, where))
      case 'Fn::Or':
        return operands.some((operand) => holds(operand, where))
      default:
        throw templateError(where, `${intrinsic?.name ?? 'what it states'} is not supported in a condition`)
    }
  }

  return named
}
