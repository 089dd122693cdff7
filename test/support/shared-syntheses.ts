import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHARED_SYNTHESES } from '../../local/stack/synthesize-once.ts'

/** Once for the whole run, before its first worker: a place where its files share the synthesized app. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-syntheses-'))
  process.env[SHARED_SYNTHESES] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
