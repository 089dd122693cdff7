import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHARED_BUNDLES } from '../../infra/constructs/build-once.ts'
import { SHARED_SYNTHESES } from '../../local/stack/synthesize-once.ts'

/** Once for the whole run, before its first worker: a place where its files share the synthesized app, and the bundles of all others. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-syntheses-'))
  process.env[SHARED_SYNTHESES] = directory
  // CloudFormation's own rules take longer than the rest together, and `npm run synth` runs them.
  process.env['CDK_VALIDATION'] = 'false'
  const bundles = join(directory, 'bundles')
  mkdirSync(bundles)
  process.env[SHARED_BUNDLES] = bundles
  return () => rmSync(directory, { recursive: true, force: true })
}
