import { join } from 'node:path'
import * as z from 'zod'
import { oneLine, StackError } from './errors.ts'
import { readJson, readStack, type StackTemplate } from './template.ts'

/** A synthesized app: its stacks, each after those it depends on. */
export type Assembly = { dir: string; stacks: StackTemplate[] }

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      dependencies: z.array(z.string()).default([]),
      metadata: z.unknown().optional(),
      additionalMetadataFile: z.string().optional(),
      properties: z.unknown().optional(),
    }),
  ),
})
type Artifact = z.infer<typeof manifestSchema>['artifacts'][string]

const stackPropertiesSchema = z.looseObject({ templateFile: z.string(), stackName: z.string().optional() })
const assetManifestSchema = z.looseObject({ file: z.string() })

/**
 * Reads the cloud assembly that an app wrote to `dir`.
 * @throws StackError when a file is missing or holds what this runtime cannot read.
 */
export function readAssembly(dir: string): Assembly {
  const manifest = manifestSchema.safeParse(readJson(join(dir, 'manifest.json')))
  if (!manifest.success) {
    throw new StackError('synthesis', `${dir} is not a cloud assembly: ${oneLine(manifest.error)}`)
  }
  const artifacts = new Map(Object.entries(manifest.data.artifacts))
  const stacks = inOrder(artifacts).map(([id, artifact]) => {
    const properties = stackPropertiesSchema.parse(artifact.properties)
    return readStack({
      dir,
      name: properties.stackName ?? id,
      templateFile: properties.templateFile,
      assetsFile: assetManifestOf(artifact, artifacts),
      metadata: artifact.additionalMetadataFile
        ? readJson(join(dir, artifact.additionalMetadataFile))
        : artifact.metadata,
      ...environmentOf(artifact),
    })
  })
  if (stacks.length === 0) throw new StackError('synthesis', `The cloud assembly in ${dir} holds no stack`)
  return { dir, stacks }
}

function inOrder(artifacts: Map<string, Artifact>): [string, Artifact][] {
  const ordered = new Map<string, Artifact>()
  const seen = new Set<string>()
  const visit = (id: string) => {
    const artifact = artifacts.get(id)
    if (!artifact || seen.has(id)) return
    seen.add(id)
    for (const dependency of artifact.dependencies) visit(dependency)
    if (artifact.type === 'aws:cloudformation:stack') ordered.set(id, artifact)
  }
  for (const id of artifacts.keys()) visit(id)
  return [...ordered]
}

function assetManifestOf(stack: Artifact, artifacts: Map<string, Artifact>): string | undefined {
  const manifests = stack.dependencies
    .map((id) => artifacts.get(id))
    .filter((one) => one?.type === 'cdk:asset-manifest')
  const parsed = assetManifestSchema.safeParse(manifests[0]?.properties)
  return parsed.success ? parsed.data.file : undefined
}

/** `aws://123456789012/eu-central-1`, or `unknown-account` and `unknown-region` where the app left them open. */
function environmentOf(stack: Artifact): { account: string | undefined; region: string | undefined } {
  const [account, region] = (stack.environment ?? '').replace(/^aws:\/\//, '').split('/')
  const known = (value: string | undefined) => (value && !value.startsWith('unknown-') ? value : undefined)
  return { account: known(account), region: known(region) }
}
