import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { oneLine, StackError } from './errors.ts'

/** One resource as the template states it, its intrinsics not yet evaluated. */
export type TemplateResource = {
  logicalId: string
  type: string
  properties: Record<string, unknown>
  dependsOn: string[]
  condition: string | undefined
  /** How CloudFormation goes about replacing it. */
  updatePolicy: Record<string, unknown>
  /** Path of its construct inside the stack without the closing `Resource`, or the logical id when the path is not known. */
  path: string
}

type TemplateOutput = { value: unknown; exportName: unknown; condition: string | undefined }

export type StackTemplate = {
  name: string
  /** Undefined where the app left account or region open. */
  account: string | undefined
  region: string | undefined
  resources: TemplateResource[]
  outputs: Map<string, TemplateOutput>
  parameters: Map<string, { type: string; default: string | undefined }>
  conditions: Map<string, unknown>
  mappings: Map<string, Record<string, Record<string, unknown>>>
  /** Object key of an asset to the folder that holds it. */
  assets: Map<string, string>
}

const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
      Condition: z.string().optional(),
      UpdatePolicy: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.looseObject({ 'aws:cdk:path': z.string().optional() }).optional(),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Value: z.unknown(),
        Export: z.looseObject({ Name: z.unknown() }).optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.string().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
})

const metadataSchema = z.record(z.string(), z.array(z.looseObject({ type: z.string(), data: z.unknown() })))
const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
})

/** What macros and transforms would make of a template is only known to CloudFormation. */
const UNSUPPORTED_SECTIONS = ['Transform', 'Hooks', 'Globals']

/** Reads one stack's template; `where` holds the paths as the manifest gives them. */
export function readStack(where: {
  dir: string
  name: string
  templateFile: string
  assetsFile: string | undefined
  metadata: unknown
  account: string | undefined
  region: string | undefined
}): StackTemplate {
  const parsed = templateSchema.safeParse(readJson(join(where.dir, where.templateFile)))
  if (!parsed.success) {
    throw new StackError('template', `${where.templateFile} is not a template: ${oneLine(parsed.error)}`)
  }
  const template = parsed.data
  const unsupported = UNSUPPORTED_SECTIONS.find((section) => section in template)
  if (unsupported) throw new StackError('template', `${where.templateFile}: ${unsupported} is not supported`)
  const paths = constructPaths(where.metadata, where.name)
  return {
    name: where.name,
    account: where.account,
    region: where.region,
    resources: Object.entries(template.Resources).map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      properties: resource.Properties,
      dependsOn: [resource.DependsOn].flat(),
      condition: resource.Condition,
      updatePolicy: resource.UpdatePolicy,
      path: paths.get(logicalId) ?? shortPath(resource.Metadata?.['aws:cdk:path'], where.name) ?? logicalId,
    })),
    outputs: new Map(
      Object.entries(template.Outputs).map(([key, output]) => [
        key,
        { value: output.Value, exportName: output.Export?.Name, condition: output.Condition },
      ]),
    ),
    parameters: new Map(
      Object.entries(template.Parameters).map(([key, given]) => [key, { type: given.Type, default: given.Default }]),
    ),
    conditions: new Map(Object.entries(template.Conditions)),
    mappings: new Map(Object.entries(template.Mappings)),
    assets: where.assetsFile ? readAssets(where.dir, where.assetsFile) : new Map(),
  }
}

function readAssets(dir: string, file: string): Map<string, string> {
  const { files } = assetsSchema.parse(readJson(join(dir, file)))
  const pairs = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, resolve(dir, source.path)]),
  )
  return new Map(pairs)
}

function constructPaths(metadata: unknown, stack: string): Map<string, string> {
  const paths = new Map<string, string>()
  for (const [path, entries] of Object.entries(metadataSchema.catch({}).parse(metadata))) {
    const id = entries.find((entry) => entry.type === 'aws:cdk:logicalId')?.data
    const short = shortPath(path, stack)
    if (typeof id === 'string' && short) paths.set(id, short)
  }
  return paths
}

function shortPath(path: string | undefined, stack: string): string | undefined {
  const whole = path?.replace(/^\//, '')
  const inside = whole?.startsWith(`${stack}/`) ? whole.slice(stack.length + 1) : whole
  return inside?.replace(/\/Resource$/, '')
}

/** @throws StackError in one line when the file is missing or is not JSON. */
export function readJson(file: string): unknown {
  if (!existsSync(file)) throw new StackError('synthesis', `The cloud assembly lacks ${file}`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new StackError('synthesis', `${file} is not JSON`, { cause })
  }
}
