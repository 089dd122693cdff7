import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import * as z from 'zod'
import { ExamplesStack } from '../../infra/examples-stack.ts'

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.looseObject({}).default({}),
})
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) })

export type Resource = z.infer<typeof resourceSchema> & { id: string }

/** The stack of the examples beside a bus, synthesized once; call it in `beforeAll`, and `remove` in `afterAll`. */
export function synthExamples() {
  // CloudFormation's own rules take longer than the rest together, and the synth of the whole app runs them.
  process.env['CDK_VALIDATION'] = 'false'
  const outdir = mkdtempSync(join(tmpdir(), 'hookline-examples-'))
  const context = { ...recommended, 'aws:cdk:enable-asset-metadata': true }
  const app = new App({ context, analyticsReporting: false, outdir })
  const bus = new EventBus(new Stack(app, 'Service'), 'Bus', { eventBusName: 'hookline-prod' })
  const stack = new ExamplesStack(app, 'Examples', { bus, config: { stage: 'prod', logDays: 7 } })
  app.synth()
  const { Resources } = templateSchema.parse(JSON.parse(readFileSync(join(outdir, 'Examples.template.json'), 'utf8')))
  const resources = Object.entries(Resources).map(([id, resource]): Resource => ({ id, ...resource }))
  return {
    app,
    stack,
    outdir,
    ofType: (type: string) => resources.filter((resource) => resource.Type === type),
    /** The one resource of a type with this name, which the CDK gives a hash at the end. */
    find(type: string, name: string): Resource {
      const named = ({ Type, id }: Resource) => Type === type && new RegExp(`^${name}[0-9A-F]{8}$`).test(id)
      const [found, ...others] = resources.filter(named)
      if (found === undefined || others.length > 0) throw new Error(`expected one ${type} named ${name}`)
      return found
    },
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  }
}
