import { App, Tags } from 'aws-cdk-lib'
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { dataStackName, examplesStackName, serviceStackName } from '../core/platform/names.ts'
import type { Config } from './config.ts'
import { DataStack } from './data-stack.ts'
import { ExamplesStack } from './examples-stack.ts'
import { addNagPacks } from './nag.ts'
import { ServiceStack } from './service-stack.ts'

/**
 * What the CDK is told, here rather than in `cdk.json`: the CLI alone reads that file, and the app gives the same templates
 * when it is run without the CLI.
 */
const CONTEXT = {
  ...recommended,
  // An import of the API and the tables, not a copy: it keeps anybody from removing them while the service uses them.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  // The CLI's defaults: each resource says where in the app it is made, and each function where its code lies.
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
}

/**
 * The whole deployment of one stage, for any account and region.
 *
 * @param outdir where `synth()` writes; `CDK_OUTDIR`, which the CLI sets, or a temporary directory when absent
 */
export function hooklineApp(config: Config, outdir?: string): App {
  const app = new App({ context: CONTEXT, analyticsReporting: false, ...(outdir && { outdir }) })
  const data = new DataStack(app, dataStackName(config.stage), config)
  const { bus } = new ServiceStack(app, serviceStackName(config.stage), config, data)
  if (config.examples) new ExamplesStack(app, examplesStackName(config.stage), { bus, config })
  for (const [key, value] of Object.entries(config.tags)) Tags.of(app).add(key, value)
  addNagPacks(app)
  return app
}
