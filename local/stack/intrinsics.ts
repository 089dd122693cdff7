import { templateError } from './errors.ts'

/** What the intrinsics of one stack may look up; each look-up throws, naming `where`, when it finds nothing. */
export type Scope = {
  /** A resource's reference value, a parameter, or a pseudo parameter (`undefined` for `AWS::NoValue`). */
  ref(name: string, where: string): unknown
  getAtt(logicalId: string, attribute: string, where: string): unknown
  importValue(exportName: string, where: string): unknown
  stackOutput(stack: string, output: string, where: string): unknown
  condition(name: string): boolean
  mapping(keys: { map: string; first: string; second: string }, where: string): unknown
}

/**
 * Evaluates what a template states, intrinsics and all; `where` names the resource in errors.
 * A value of `AWS::NoValue` is left out of the object or array that holds it.
 * @throws StackError naming the resource and the intrinsic for whatever is not supported.
 */
export function evaluate(value: unknown, scope: Scope, where: string): unknown {
  if (typeof value === 'string') {
    if (value.includes('{{resolve:'))
      throw templateError(where, 'dynamic references ({{resolve:...}}) are not supported')
    return value
  }
  if (Array.isArray(value))
    return value.map((item) => evaluate(item, scope, where)).filter((item) => item !== undefined)
  if (!isObject(value)) return value
  const intrinsic = intrinsicOf(value)
  if (intrinsic) return apply(intrinsic.name, intrinsic.argument, scope, where)
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, evaluate(item, scope, where)])
      .filter(([, item]) => item !== undefined),
  )
}

/** An object with one key that CloudFormation would evaluate. */
export function intrinsicOf(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value)
  if (!entry || others.length > 0) return undefined
  const [name, argument] = entry
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function apply(name: string, argument: unknown, scope: Scope, where: string): unknown {
  const bad = (what: string) => templateError(where, `${name} ${what}`)
  const value = (part: unknown) => evaluate(part, scope, where)
  const text = (part: unknown): string => {
    const given = value(part)
    if (typeof given === 'string') return given
    if (typeof given === 'number' || typeof given === 'boolean') return String(given)
    throw bad('needs a text here')
  }
  const list = (part: unknown, length?: number): unknown[] => {
    if (!Array.isArray(part) || (length !== undefined && part.length !== length)) throw bad('has the wrong arguments')
    return part
  }
  switch (name) {
    case 'Ref':
      return scope.ref(text(argument), where)
    case 'Fn::GetAtt': {
      const [id, attribute] = typeof argument === 'string' ? splitAttribute(argument) : list(argument, 2)
      return scope.getAtt(text(id), text(attribute), where)
    }
    case 'Fn::Join': {
      const [separator, parts] = list(argument, 2)
      return list(value(parts)).map(text).join(text(separator))
    }
    case 'Fn::Split': {
      const [separator, source] = list(argument, 2)
      return text(source).split(text(separator))
    }
    case 'Fn::Select': {
      const [index, parts] = list(argument, 2)
      const chosen = list(value(parts))[Number(text(index))]
      if (chosen === undefined) throw bad(`finds nothing at ${text(index)}`)
      return chosen
    }
    case 'Fn::Sub':
      return typeof argument === 'string' ? substitute(argument, {}) : substituteWith(list(argument, 2))
    case 'Fn::FindInMap': {
      const [map, first, second] = list(argument, 3)
      return value(scope.mapping({ map: text(map), first: text(first), second: text(second) }, where))
    }
    case 'Fn::ImportValue':
      return scope.importValue(text(argument), where)
    case 'Fn::GetStackOutput':
      if (!isObject(argument)) throw bad('has the wrong arguments')
      return scope.stackOutput(text(argument['StackName']), text(argument['OutputName']), where)
    case 'Fn::If': {
      const [condition, yes, no] = list(argument, 3)
      return value(scope.condition(text(condition)) ? yes : no)
    }
    case 'Fn::Base64':
      return Buffer.from(text(argument)).toString('base64')
    default:
      throw templateError(where, `the intrinsic ${name} is not supported`)
  }

  function substituteWith([template, variables]: unknown[]): string {
    if (typeof template !== 'string' || !isObject(variables)) throw bad('has the wrong arguments')
    return substitute(template, variables)
  }

  function substitute(template: string, variables: Record<string, unknown>): string {
    return template.replaceAll(SUBSTITUTION, (whole, variable: string) => {
      if (variable.startsWith('!')) return `\${${variable.slice(1)}}`
      if (variable in variables) return text(variables[variable])
      const [id, attribute] = splitAttribute(variable)
      const found = attribute ? scope.getAtt(id, attribute, where) : scope.ref(id, where)
      if (found === undefined) throw bad(`has no value for ${whole}`)
      return text(found)
    })
  }
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`. */
export const SUBSTITUTION = /\$\{([^}]+)\}/g

/** `Id.Attribute` in two, at the first dot: attributes have dots of their own (`Endpoint.Address`). */
export function splitAttribute(name: string): [string, string | undefined] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)]
}
