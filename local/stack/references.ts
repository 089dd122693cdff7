import { templateError } from './errors.ts'
import { intrinsicOf, isObject, SUBSTITUTION, splitAttribute } from './intrinsics.ts'
import type { TemplateResource } from './template.ts'

/** The names that a piece of template refers to: logical ids, parameters and pseudo parameters alike. */
export function referencesIn(value: unknown): Set<string> {
  const names = new Set<string>()
  const visit = (part: unknown) => {
    if (Array.isArray(part)) return part.forEach(visit)
    if (!isObject(part)) return
    const intrinsic = intrinsicOf(part)
    if (intrinsic) collect(intrinsic.name, intrinsic.argument)
    Object.values(part).forEach(visit)
  }
  const collect = (name: string, argument: unknown) => {
    const first = Array.isArray(argument) ? argument[0] : argument
    if (typeof first !== 'string') return
    if (name === 'Ref') names.add(first)
    if (name === 'Fn::GetAtt') names.add(splitAttribute(first)[0])
    if (name === 'Fn::Sub') {
      for (const [, variable = ''] of first.matchAll(SUBSTITUTION)) names.add(splitAttribute(variable)[0])
    }
  }
  visit(value)
  return names
}

/**
 * A stack's resources, each after those it refers to or depends on.
 * @throws StackError when resources need each other in a circle.
 */
export function inCreationOrder(resources: TemplateResource[], stack: string): TemplateResource[] {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]))
  const ordered = new Set<TemplateResource>()
  const visit = (resource: TemplateResource, path: string[]) => {
    if (ordered.has(resource)) return
    if (path.includes(resource.logicalId)) {
      throw templateError(stack, `resources need each other in a circle: ${[...path, resource.logicalId].join(' > ')}`)
    }
    for (const name of [
      ...resource.dependsOn,
      ...referencesIn(resource.properties),
      ...referencesIn(resource.updatePolicy),
    ]) {
      const needed = byId.get(name)
      if (needed) visit(needed, [...path, resource.logicalId])
    }
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource, [])
  return [...ordered]
}
