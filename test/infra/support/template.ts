import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from 'aws-cdk-lib'
import * as z from 'zod'
import type { ConfigInput } from '../../../infra/config.ts'
import { hooklineApp } from '../../../infra/hookline-app.ts'
import { parseConfig } from '../../../infra/load-config.ts'

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Metadata: z.looseObject({}).default({}),
})
const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(
    z.string(),
    z.looseObject({ Value: z.unknown(), Export: z.looseObject({ Name: z.string() }).optional() }),
  ),
})
export type Template = z.infer<typeof templateSchema>
export type Resource = z.infer<typeof resourceSchema> & { id: string }

/** What one synth wrote, read back from its files as a deployment reads it. */
export type Synth = { app: App; outdir: string; data: Template; service: Template; remove(): void }

/** Synthesizes once; call it in `beforeAll`, and `remove` in `afterAll`. */
export function synth(input: ConfigInput = {}): Synth {
  const config = parseConfig(input)
  // CloudFormation's own rules take longer than the rest together, and `npm run synth` runs them.
  process.env['CDK_VALIDATION'] = 'false'
  const outdir = mkdtempSync(join(tmpdir(), 'hookline-synth-'))
  const remove = () => rmSync(outdir, { recursive: true, force: true })
  const app = hooklineApp(config, outdir)
  try {
    app.synth()
  } catch (error) {
    remove()
    throw error
  }
  const template = (stack: string) => {
    const file = join(outdir, `Hookline-${config.stage}-${stack}.template.json`)
    return templateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  }
  return { app, outdir, data: template('Data'), service: template('Service'), remove }
}

export const ofType = (template: Template, type: string): Resource[] =>
  Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }))

/** The only resource of a type. */
export function only(template: Template, type: string): Resource {
  const [resource, ...others] = ofType(template, type)
  if (!resource || others.length > 0) throw new Error(`expected one ${type}, found ${resource ? 1 + others.length : 0}`)
  return resource
}

/** The one resource that the predicate picks. */
export function find(template: Template, type: string, predicate: (resource: Resource) => boolean): Resource {
  const found = ofType(template, type).filter(predicate)
  const [resource] = found
  if (!resource || found.length > 1) throw new Error(`expected one such ${type}, found ${found.length}`)
  return resource
}

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
const refSchema = z.object({ Ref: z.string() })
const getAttSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
const importSchema = z.object({ 'Fn::ImportValue': z.string() })

/** A value with its references as text: `${Id}`, `${Id.Arn}`; an import reads as what it imports. */
export function text(value: unknown, data: Template): string {
  if (typeof value === 'string') return value
  const join = joinSchema.safeParse(value)
  if (join.success) return join.data['Fn::Join'][1].map((part) => text(part, data)).join(join.data['Fn::Join'][0])
  const ref = refSchema.safeParse(value)
  if (ref.success) return `\${${ref.data.Ref}}`
  const getAtt = getAttSchema.safeParse(value)
  if (getAtt.success) return `\${${getAtt.data['Fn::GetAtt'].join('.')}}`
  const { 'Fn::ImportValue': name } = importSchema.parse(value)
  const output = Object.values(data.Outputs).find((each) => each.Export?.Name === name)
  if (!output) throw new Error(`nothing exports ${name}`)
  return text(output.Value, data)
}
