import type { Assembly } from './assembly.ts'
import type { Deployment } from './deployment.ts'
import { StackError, templateError } from './errors.ts'
import { evaluate, isObject, type Scope } from './intrinsics.ts'
import { inCreationOrder } from './references.ts'
import type { Made, ResourceKind } from './resources/kind.ts'
import { type StackResult, stackScope } from './stack-scope.ts'
import type { StackTemplate, TemplateResource } from './template.ts'

export type Kinds = ReadonlyMap<string, ResourceKind>

/**
 * Refuses what cannot run here before anything has been made, all of it in one line.
 * @throws StackError naming each type with its logical ids
 */
export function checkAssembly(assembly: Assembly, kinds: Kinds, place: { region: string; account: string }): void {
  const unsupported = assembly.stacks.flatMap((stack) =>
    presentIn(stack, stackScope({ template: stack, place, made: new Map(), others: new Map() }))
      .filter((resource) => !kinds.has(resource.type))
      .map((resource) => `${resource.type} (${stack.name}/${resource.logicalId})`),
  )
  if (unsupported.length > 0) {
    throw new StackError('template', `The template has resources that do not run here: ${unsupported.join(', ')}`)
  }
  for (const { name, region = place.region, account = place.account } of assembly.stacks) {
    if (region === place.region && account === place.account) continue
    throw templateError(name, `is made for ${account}/${region}, and AWS here is ${place.account}/${place.region}`)
  }
}

/**
 * Makes every resource of every stack, each after those it needs.
 * @returns the outputs by name, those that CDK makes for its own cross-stack references left out.
 * @throws StackError naming the resource that cannot be made
 */
export async function deploy(
  assembly: Assembly,
  deployment: Deployment,
  kinds: Kinds,
): Promise<Record<string, string>> {
  const results = new Map<string, StackResult>()
  for (const template of assembly.stacks) {
    const made = new Map<string, Made>()
    const scope = stackScope({ template, place: deployment.gateway, made, others: results })
    for (const resource of inCreationOrder(presentIn(template, scope), template.name)) {
      made.set(resource.logicalId, await make(resource, template, scope, deployment, kinds))
    }
    results.set(template.name, outputsOf(template, scope, deployment))
  }
  const outputs = [...results.values()].flatMap((result) => [...result.outputs])
  return Object.fromEntries(outputs.filter(([name]) => !name.startsWith('ExportsOutput')))
}

/** Conditions look at parameters, mappings and the place alone, never at a resource. */
const presentIn = (template: StackTemplate, scope: Scope) =>
  template.resources.filter(({ condition }) => !condition || scope.condition(condition))

async function make(
  resource: TemplateResource,
  template: StackTemplate,
  scope: Scope,
  deployment: Deployment,
  kinds: Kinds,
): Promise<Made> {
  const where = `${resource.path} (${resource.type} ${resource.logicalId})`
  const create = kinds.get(resource.type)
  if (!create) throw templateError(where, 'does not run here')
  const properties = atHome(evaluate(resource.properties, scope, where), deployment)
  const updatePolicy = evaluate(resource.updatePolicy, scope, where)
  const { logicalId, type, path } = resource
  const given = {
    stack: template.name,
    logicalId,
    type,
    path,
    where,
    properties: isObject(properties) ? properties : {},
    updatePolicy: isObject(updatePolicy) ? updatePolicy : {},
  }
  try {
    return await create({ ...given, asset: (key) => template.assets.get(key) }, deployment)
  } catch (cause) {
    if (cause instanceof StackError) throw cause
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new StackError('template', `${where}: ${message}`, { cause })
  }
}

function outputsOf(template: StackTemplate, scope: Scope, deployment: Deployment): StackResult {
  const outputs = new Map<string, string>()
  const exports = new Map<string, string>()
  for (const [name, output] of template.outputs) {
    if (output.condition && !scope.condition(output.condition)) continue
    const where = `${template.name}, output ${name}`
    const value = String(atHome(evaluate(output.value, scope, where), deployment))
    outputs.set(name, value)
    if (output.exportName !== undefined) exports.set(String(evaluate(output.exportName, scope, where)), value)
  }
  return { outputs, exports }
}

/** A URL that a template puts together from an API's id means this machine's front. */
function atHome(value: unknown, deployment: Deployment): unknown {
  if (Array.isArray(value)) return value.map((item) => atHome(item, deployment))
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, atHome(item, deployment)]))
  }
  if (typeof value !== 'string') return value
  return deployment.apis.reduce(
    (text, api) =>
      text.replaceAll(`https://${api.id}.execute-api.${deployment.gateway.region}.amazonaws.com`, deployment.apiUrl),
    value,
  )
}
