import { conditionsOf } from './conditions.ts'
import { templateError } from './errors.ts'
import { evaluate, type Scope } from './intrinsics.ts'
import type { Made } from './resources/kind.ts'
import type { StackTemplate } from './template.ts'

/** What one stack has handed to those after it. */
export type StackResult = { outputs: Map<string, string>; exports: Map<string, string> }

/** Names that stand for where the stack is. */
export type Place = { region: string; account: string }

/**
 * What the intrinsics of a stack may look up.
 * @param made fills while the stack's resources are created.
 */
export function stackScope(options: {
  template: StackTemplate
  place: Place
  made: ReadonlyMap<string, Made>
  others: ReadonlyMap<string, StackResult>
}): Scope {
  const { template, place, made, others } = options
  const pseudo = new Map<string, unknown>([
    ['AWS::AccountId', place.account],
    ['AWS::Region', place.region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', template.name],
    ['AWS::StackId', `arn:aws:cloudformation:${place.region}:${place.account}:stack/${template.name}/local`],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', undefined],
  ])

  function parameter(name: string, where: string): string | undefined {
    const stated = template.parameters.get(name)
    if (!stated) return undefined
    if (stated.type.startsWith('AWS::SSM::')) throw templateError(where, `the parameter ${name} is read from SSM`)
    if (stated.default === undefined) throw templateError(where, `the parameter ${name} has no default`)
    return stated.default
  }

  const scope: Scope = {
    ref(name, where) {
      if (pseudo.has(name)) return pseudo.get(name)
      return found(made.get(name)?.ref ?? parameter(name, where), where, `Ref finds nothing named ${name}`)
    },
    getAtt(id, attribute, where) {
      return found(made.get(id)?.attributes[attribute], where, `Fn::GetAtt ${id}.${attribute} is not supported`)
    },
    importValue(name, where) {
      const exported = [...others.values()].map((stack) => stack.exports.get(name))
      return found(
        exported.find((value) => value !== undefined),
        where,
        `Fn::ImportValue: no stack before exports ${name}`,
      )
    },
    stackOutput(stack, output, where) {
      const value = others.get(stack)?.outputs.get(output)
      return found(value, where, `Fn::GetStackOutput: no stack before has the output ${stack}.${output}`)
    },
    condition: (name) => condition(name),
    mapping({ map, first, second }, where) {
      const value = template.mappings.get(map)?.[first]?.[second]
      return found(value, where, `Fn::FindInMap finds no ${map}.${first}.${second}`)
    },
  }
  const condition = conditionsOf(template.conditions, (operand, where) => evaluate(operand, scope, where))
  return scope
}

function found<Value>(value: Value | undefined, where: string, otherwise: string): Value {
  if (value === undefined) throw templateError(where, otherwise)
  return value
}
